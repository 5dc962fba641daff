import { toolLock, type ToolLock } from "../../../../controlplane/tools/lock";
import { planRelease } from "../../../../controlplane/tools/releasePlan";

const LINUX = { os: "linux", arch: "amd64" };
const MAC = { os: "darwin", arch: "arm64" };

describe("what to download", () => {
  it("is one file per Kubernetes program, each with its own checksum file", () => {
    const plan = planRelease(toolLock("kubernetes-1.36"), LINUX);
    expect(plan?.map(asset => asset.url)).toEqual([
      "https://dl.k8s.io/release/v1.36.4/bin/linux/amd64/kube-apiserver",
      "https://dl.k8s.io/release/v1.36.4/bin/linux/amd64/kube-controller-manager",
      "https://dl.k8s.io/release/v1.36.4/bin/linux/amd64/kube-scheduler",
      "https://dl.k8s.io/release/v1.36.4/bin/linux/amd64/kubectl",
    ]);
    expect(plan?.every(asset => asset.checksum.url === `${asset.url}.sha256`)).toBe(true);
  });

  it("is nothing for Kubernetes on macOS: servers are published for Linux only", () => {
    expect(planRelease(toolLock("kubernetes-1.36"), MAC)).toBeUndefined();
  });

  it("is one etcd archive, a zip on macOS, with the three programs inside its folder", () => {
    const plan = planRelease(toolLock("etcd-3.6"), MAC);
    expect(plan).toHaveLength(1);
    expect(plan?.[0]?.fileName).toBe("etcd-v3.6.8-darwin-arm64.zip");
    expect(plan?.[0]?.takes["etcdutl"]).toBe("etcd-v3.6.8-darwin-arm64/etcdutl");
  });

  it("takes Pulumi's own language host along with the CLI", () => {
    const asset = planRelease(toolLock("pulumi-3.259"), LINUX)?.[0];
    expect(asset?.fileName).toBe("pulumi-v3.259.0-linux-x64.tar.gz");
    expect(Object.keys(asset?.takes ?? {})).toEqual([
      "pulumi",
      "pulumi-language-nodejs",
      "pulumi-resource-pulumi-nodejs",
    ]);
  });

  it("prefers a pinned checksum of exactly this file and platform", () => {
    const entry = toolLock("kwok-0.8");
    const sha256 = { "linux/amd64/kwok-linux-amd64": "a".repeat(64) };
    const pinned: ToolLock = { ...entry, releases: entry.releases.map(one => ({ ...one, sha256 })) };
    expect(planRelease(pinned, LINUX)?.[0]?.pinned).toBe("a".repeat(64));
    expect(planRelease(pinned, MAC)?.[0]?.pinned).toBeUndefined();
  });

  it("leaves no placeholder unfilled on any platform", () => {
    const platforms = ["linux", "darwin"].flatMap(os => ["amd64", "arm64"].map(arch => ({ os, arch })));
    const ids = [
      "kubernetes-1.35",
      "kubernetes-1.36",
      "etcd-3.6",
      "kwok-0.8",
      "pulumi-3.259",
      "helm-3.20",
    ] as const;
    const plans = ids.flatMap(id => platforms.flatMap(platform => planRelease(toolLock(id), platform) ?? []));
    expect(JSON.stringify(plans)).not.toMatch(/\{[a-z0-9]+\}/);
  });
});
