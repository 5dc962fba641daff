import { judgeReadiness } from "../../../../../components/clouds/kubeadm/live/judgeReadiness";
import { parseReadiness, type Readiness } from "../../../../../components/clouds/kubeadm/live/readiness";

const packagesOf = (version: string) => ({
  keyring: "/etc/apt/keyrings/k.gpg",
  sources: [`https://pkgs.k8s.io/core:/stable:/v${version.split(".").slice(0, 2).join(".")}/deb/`],
  versions: { kubeadm: `${version}-1.1`, kubelet: `${version}-1.1` },
});

const WELL: Readiness = {
  ...{ sockets: ["containerd.sock"], crictl: 0, runtime: "containerd", runtimeVersion: "v2.1.4" },
  ...{ containerdRuns: false, systemdCgroup: false, cgroup: "cgroup2fs", swap: "", free: 0.5 },
  ...{ keyring: true, complaint: "", installed: {}, held: [] },
  offered: ["kubeadm=1.36.4-1.1", "kubelet=1.36.4-1.1", "kubelet=1.36.10-1.1"],
};

const DEFAULTS = { failsOnSwap: true, systemdCgroup: true, defaultEviction: true };

interface Asked {
  readonly version?: string;
  readonly joins?: boolean;
  readonly kubelet?: typeof DEFAULTS | undefined;
}

const judge = (found: Partial<Readiness>, asked: Asked = {}) => {
  const { version = "1.36.4", joins = true } = asked;
  const packages = packagesOf(version);
  const offered = Object.entries(packages.versions).map(([name, wanted]) => `${name}=${wanted}`);
  const { blockers, warnings } = judgeReadiness(
    { ...WELL, offered, ...found },
    {
      ...{ machine: { node: "w3", address: "127.0.0.1:22" }, packages, joins },
      kubelet: "kubelet" in asked ? asked.kubelet : DEFAULTS,
    },
  );
  const codes = (those: typeof blockers) => those.map(({ code }) => code.replace("Kubeadm.", ""));
  return {
    refused: codes(blockers),
    warned: codes(warnings),
    messages: blockers.map(({ message }) => message),
  };
};

const refused = (...codes: readonly string[]) =>
  expect.objectContaining({ refused: codes, warned: [] }) as object;
const warned = (...codes: readonly string[]) =>
  expect.objectContaining({ refused: [], warned: codes }) as object;
const FINE = refused();

/** A machine on which nothing of Kubernetes was ever installed has no crictl. */
const blank = { crictl: 127, containerdRuns: true };
const old = { runtimeVersion: "v1.7.28", systemdCgroup: true };

describe("what a machine has to have", () => {
  const cases: readonly (readonly [string, Partial<Readiness>, object, Asked?])[] = [
    ["containerd 2 that answers", {}, FINE],
    ["containerd that runs, without crictl", blank, FINE],
    ["no runtime", { sockets: [] }, refused("NoRuntime")],
    ["two", { sockets: ["containerd.sock", "crio.sock"] }, refused("ManyRuntimes")],
    ["two, on a node", { sockets: ["containerd.sock", "crio.sock"] }, FINE, { joins: false }],
    ["one that does not answer", { crictl: 1 }, refused("RuntimeSilent")],
    ["containerd that does not run", { ...blank, containerdRuns: false }, refused("RuntimeSilent")],
    [
      "another runtime without crictl",
      { sockets: ["crio.sock"], crictl: 127, runtime: "", runtimeVersion: "" },
      warned("RuntimeNotAsked"),
    ],
    ["CRI-O 1.x", { runtime: "cri-o", runtimeVersion: "1.36.0" }, FINE],
    ["containerd 1.7 for 1.35", old, FINE, { version: "1.35.8" }],
    ["containerd 1.7 for 1.36", old, warned("OldContainerd")],
    ["containerd 1.7 for 1.37", old, warned("OldContainerd"), { version: "1.37.0" }],
    ["containerd 1.7 for 1.38", old, refused("OldContainerd"), { version: "1.38.0" }],
    ["its own cgroups", { ...old, systemdCgroup: false }, refused("CgroupDriver"), { version: "1.35.8" }],
    [
      "its own cgroups, on a node",
      { ...old, systemdCgroup: false },
      FINE,
      { version: "1.35.8", joins: false },
    ],
    [
      "its own cgroups, and a kubelet that is so too",
      { ...old, systemdCgroup: false },
      FINE,
      { version: "1.35.8", kubelet: { ...DEFAULTS, systemdCgroup: false } },
    ],
    ["cgroup v1 for 1.35", { cgroup: "tmpfs" }, refused("CgroupV1"), { version: "1.35.8" }],
    ["cgroup v1 for 1.34", { cgroup: "tmpfs" }, FINE, { version: "1.34.12" }],
    ["cgroups that nothing tells of", { cgroup: "" }, warned("CgroupNotAsked")],
    ["swap", { swap: "/dev/sda2" }, refused("Swap")],
    ["swap, on a node", { swap: "/dev/sda2" }, FINE, { joins: false }],
    ["swap that is allowed", { swap: "/s" }, FINE, { kubelet: { ...DEFAULTS, failsOnSwap: false } }],
    ["swap, allowed or not", { swap: "/s" }, warned("Swap"), { kubelet: undefined }],
    ["14% free", { free: 0.149 }, refused("DiskFull")],
    ["15% free", { free: 0.15 }, FINE],
    [
      "14% free, thresholds of one's own",
      { free: 0.14 },
      FINE,
      { kubelet: { ...DEFAULTS, defaultEviction: false } },
    ],
    ["a disk that nothing tells of", { free: undefined }, warned("DiskNotAsked")],
    ["no keyring", { keyring: false, offered: [] }, refused("NoKeyring")],
    ["no answer of the repository", { offered: [], complaint: "W: no route" }, refused("NoRepository")],
    ["a newer kubelet", { installed: { kubelet: "1.36.10-1.1" } }, refused("NewerPackage")],
    ["an older kubelet", { installed: { kubelet: "1.35.8-1.1" } }, FINE],
    ["a held dependency", { held: ["cri-tools"] }, warned("DependencyHeld")],
  ];

  it.each(cases.map(([what, found, expected, asked = {}]) => ({ what, found, expected, asked })))(
    "$what",
    ({ found, expected, asked }) => {
      expect(judge(found, asked)).toEqual(expected);
    },
  );

  it("names what is offered instead, the newest first", () => {
    const { refused: codes, messages } = judge({ offered: WELL.offered }, { version: "1.36.5" });
    expect(codes).toEqual(["NotOffered"]);
    expect(messages[0]).toContain("no kubeadm 1.36.5-1.1, kubelet 1.36.5-1.1 by");
    expect(messages[0]).toContain("of kubeadm there is 1.36.4-1.1");
  });

  it("tells everything at once", () => {
    const { refused: codes } = judge({ sockets: [], cgroup: "tmpfs", swap: "/s", free: 0, keyring: false });
    expect(codes).toEqual(["NoRuntime", "CgroupV1", "Swap", "DiskFull", "NoKeyring"]);
  });
});

describe("what a machine says of itself", () => {
  const said = (text: string): ReadonlyMap<string, string> =>
    new Map(text.split("\n").map(line => [line.split(" ")[0] ?? "", line.split(" ").slice(1).join(" ")]));

  it("is read line by line", () => {
    const found = said(
      [
        ...["socket.containerd.sock yes", "crictl 0", "Version: 0.1.0", "RuntimeName: containerd"],
        ...[
          "RuntimeVersion: v1.7.28",
          "systemdCgroup yes",
          "cgroup cgroup2fs",
          "swap /dev/sda2 ",
          "disk 25 100",
        ],
        ...["package.kubelet hold 1.35.8-1.1", "package.cri-tools hold 1.35.0-1.1", "keyring yes"],
        ...["complaint W: Failed to fetch x", "offered.kubelet=1.36.4-1.1 yes"],
      ].join("\n"),
    );
    expect(parseReadiness(found)).toEqual({
      ...{ sockets: ["containerd.sock"], crictl: 0, runtime: "containerd", runtimeVersion: "v1.7.28" },
      ...{ containerdRuns: false, systemdCgroup: true, cgroup: "cgroup2fs", swap: "/dev/sda2", free: 0.25 },
      ...{ keyring: true, offered: ["kubelet=1.36.4-1.1"], complaint: "W: Failed to fetch x" },
      ...{ installed: { kubelet: "1.35.8-1.1", "cri-tools": "1.35.0-1.1" }, held: ["cri-tools"] },
    });
  });

  it("is nothing where it says nothing: neither a runtime nor room", () => {
    expect(parseReadiness(said(""))).toMatchObject({
      sockets: [],
      crictl: 127,
      runtimeVersion: "",
      free: undefined,
    });
  });
});
