import { buildArguments } from "../../../../controlplane/tools/build";
import { buildEnvironment, isGoAtLeast } from "../../../../controlplane/tools/goToolchain";
import { toolLock } from "../../../../controlplane/tools/lock";
import { mentionsVersion } from "../../../../controlplane/tools/prove";

describe("a build from Go modules", () => {
  it("builds all programs of a tool at once, stamped with the locked version", () => {
    const args = buildArguments(toolLock("kubernetes-1.36"), "/out");
    expect(args.slice(-6)).toEqual([
      "-o",
      "/out/",
      "k8s.io/kubernetes/cmd/kube-apiserver",
      "k8s.io/kubernetes/cmd/kube-controller-manager",
      "k8s.io/kubernetes/cmd/kube-scheduler",
      "k8s.io/kubernetes/cmd/kubectl",
    ]);
    expect(args.join(" ")).toContain("-X k8s.io/component-base/version.gitVersion=v1.36.4 ");
  });

  it("passes tags where the publisher builds with tags", () => {
    expect(buildArguments(toolLock("pulumi-3.259"), "/out").join(" ")).toContain(
      "-tags osusergo,grpcnotrace ",
    );
    expect(buildArguments(toolLock("etcd-3.6"), "/out")).not.toContain("-tags");
  });

  it("keeps the user's proxy and caches and drops what would change the result", () => {
    const env = buildEnvironment({
      GOPROXY: "https://proxy.example",
      GOMODCACHE: "/cache",
      GOFLAGS: "-mod=vendor",
      GOARCH: "riscv64",
      GOROOT: "/old",
      HOME: "/home/me",
    });
    expect(env).toEqual({
      GOPROXY: "https://proxy.example",
      GOMODCACHE: "/cache",
      HOME: "/home/me",
      GOFLAGS: "-buildvcs=false",
      GO111MODULE: "on",
      GOWORK: "off",
      GOTOOLCHAIN: "local",
      CGO_ENABLED: "0",
    });
  });

  it.each([
    ["go1.26.8", true],
    ["go1.26", true],
    ["go1.27rc1", true],
    ["go2.0.0", true],
    ["go1.25.11", false],
    ["go1.9", false],
    ["devel +abc", false],
    ["", false],
  ])("takes %j for 1.26 or newer: %s", (found, enough) => {
    expect(isGoAtLeast(found, "1.26")).toBe(enough);
  });
});

describe("a program that says its version", () => {
  it.each([
    "Kubernetes v1.36.4",
    "etcd Version: 3.6.8\nGit SHA: x".replace("3.6.8", "1.36.4"),
    "v1.36.4",
    "kwok 1.36.4 (linux)",
  ])("is believed when it says %j", said => expect(mentionsVersion(said, "1.36.4")).toBe(true));

  it.each(["Kubernetes v1.36.40", "v11.36.4", "1.36.4.1", "1.36", "dev", "1x36x4"])(
    "is not believed when it says %j",
    said => expect(mentionsVersion(said, "1.36.4")).toBe(false),
  );
});
