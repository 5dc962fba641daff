import { hostKeyOf, parseAddress, parseStack } from "../../../../core/config";
import { generationId } from "../../../../core/identity/generation";

const kubeadm = {
  controlPlanes: { cp1: "10.0.0.11", cp2: "10.0.0.12:2222" },
  ssh: { knownHosts: "known_hosts" },
};
const cluster = { name: "eu", cloud: "kubeadm", version: "1.36.4", kubeconfig: "kubeconfig" };
const workers = {
  size: { min: 2, max: 2 },
  image: "1.36.4-1.1",
  hosts: { w1: "10.0.0.21", w2: "[fd00::22]:2222" },
};

interface Edits {
  readonly cluster?: object;
  readonly kubeadm?: object;
  readonly workers?: object;
  readonly pools?: object;
}

const parse = (edits: Edits) =>
  parseStack({
    cluster: { ...cluster, kubeadm: { ...kubeadm, ...edits.kubeadm }, ...edits.cluster },
    pools: { workers: { ...workers, ...edits.workers }, ...edits.pools },
  });

const problemsOf = (edits: Edits): readonly string[] => {
  const parsed = parse(edits);
  return parsed.ok ? [] : parsed.problems.map(({ code, path }) => `${code} ${path}`);
};

describe("config of a kubeadm cluster", () => {
  it("is whole with its machines, their known hosts and exact packages", () => {
    expect(problemsOf({})).toEqual([]);
  });

  it("names everything that is missing at once", () => {
    const found = problemsOf({
      cluster: { kubeconfig: undefined, kubeadm: undefined, version: "1.36" },
      workers: { hosts: undefined },
    });
    expect(found).toEqual([
      "Config.Missing cluster.kubeconfig",
      "Config.Missing cluster.kubeadm",
      "Kubeadm.PatchNeeded cluster.version",
    ]);
    expect(problemsOf({ workers: { hosts: undefined, image: undefined } })).toEqual([
      "Config.Missing pools.workers.image",
      "Config.Missing pools.workers.hosts",
    ]);
  });

  it.each([
    ["a minor alone", { cluster: { version: "1.36" } }, "Kubeadm.PatchNeeded cluster.version"],
    ["an emulated control plane", { cluster: { stage: "emulated" } }, "Kubeadm.NoEmulation cluster.stage"],
    [
      "a cluster without control-plane machines",
      { kubeadm: { controlPlanes: {} } },
      "Config.OutOfRange cluster.kubeadm.controlPlanes",
    ],
    [
      "what is no address",
      { kubeadm: { controlPlanes: { cp1: "root@10.0.0.11" } } },
      "Config.Shape cluster.kubeadm.controlPlanes.cp1",
    ],
    [
      "a node's name that is none",
      { workers: { hosts: { W_1: "10.0.0.21", w2: "10.0.0.22" } } },
      "Config.Name pools.workers.hosts.W_1",
    ],
    [
      "a repository of one fixed minor",
      { kubeadm: { packages: { repository: "https://pkgs.k8s.io/core:/stable:/v1.36/deb/" } } },
      "Config.Shape cluster.kubeadm.packages.repository",
    ],
    [
      "bounds that are not the number of hosts",
      { workers: { size: { min: 1, max: 2 } } },
      "Kubeadm.SizeIsHosts pools.workers.size",
    ],
    ["an image that is no package", { workers: { image: "1.36.4" } }, "Kubeadm.Image pools.workers.image"],
    [
      "a package of another version",
      { workers: { image: "1.36.3-1.1" } },
      "Kubeadm.ImageOfOtherVersion pools.workers.image",
    ],
    [
      "waves",
      { workers: { strategy: { poolSurge: "50%" } } },
      "Kubeadm.NoWaves pools.workers.strategy.poolSurge",
    ],
    ["zones", { workers: { zones: ["a"] } }, "Config.NotAllowed pools.workers.zones"],
    ["a machine type", { workers: { machine: "big" } }, "Config.NotAllowed pools.workers.machine"],
    [
      "a label that a kubelet may not set",
      { workers: { labels: { "node-role.kubernetes.io/worker": "yes" } } },
      "Kubeadm.LabelNotByKubelet pools.workers.labels.node-role.kubernetes.io/worker",
    ],
    [
      "a machine of the control plane as a worker",
      { workers: { hosts: { cp1: "10.0.0.21", w2: "10.0.0.22" } } },
      "Kubeadm.HostTwice pools.workers.hosts.cp1",
    ],
    [
      "one address under two names",
      { workers: { hosts: { w1: "10.0.0.21", w2: "10.0.0.21" } } },
      "Kubeadm.HostTwice pools.workers.hosts.w2",
    ],
  ])("refuses %s", (_what, edits, problem) => {
    expect(problemsOf(edits)).toEqual([problem]);
  });

  it("takes labels that a kubelet may set", () => {
    const labels = {
      "topology.kubernetes.io/zone": "a",
      "node.kubernetes.io/disk": "ssd",
      "example.com/team": "ml",
    };
    expect(problemsOf({ workers: { labels } })).toEqual([]);
  });

  it("refuses a machine that is entered while it is being left", () => {
    const spec = { version: "1.35.8", image: "1.35.8-1.1", hosts: { w1: "10.0.0.21" } };
    const source = { ...spec, zones: [], labels: {}, taints: [] };
    const generation = generationId("eu", { name: "workers", ...source });
    const retiring = [{ generation, spec: { ...spec, size: { min: 1, max: 1 } } }];
    expect(problemsOf({ workers: { strategy: { kind: "staged" }, retiring } })).toEqual([
      "Kubeadm.HostTwice pools.workers.hosts.w1",
    ]);
  });

  it("knows hosts on no other cloud", () => {
    const parsed = parseStack({
      cluster: { name: "lab", cloud: "lab", version: "1.36" },
      pools: { workers: { size: { min: 1, max: 1 }, hosts: { w1: "10.0.0.21" } } },
    });
    expect(parsed.ok ? [] : parsed.problems.map(({ code, path }) => `${code} ${path}`)).toEqual([
      "Config.NotAllowed pools.workers.hosts",
    ]);
  });
});

describe("an ssh address", () => {
  it.each([
    ["10.0.0.21", { host: "10.0.0.21", port: 22 }],
    ["w1.example:2222", { host: "w1.example", port: 2222 }],
    ["[fd00::22]", { host: "fd00::22", port: 22 }],
    ["[fd00::22]:2222", { host: "fd00::22", port: 2222 }],
  ])("reads %s", (text, address) => {
    expect(parseAddress(text)).toEqual(address);
  });
});

describe("a machine's host key", () => {
  const file = [
    "# machines",
    "10.0.0.21 ssh-ed25519 AAAAed",
    "w1,10.0.0.21 ecdsa-sha2-nistp256 AAAAec",
    "[10.0.0.22]:2222 ssh-ed25519 AAAAother",
    "|1|c2FsdA==|aGFzaA== ssh-ed25519 AAAAhashed",
    "",
  ].join("\n");
  const keyOf = (address: string): string => {
    const key = hostKeyOf(file, "known_hosts", address);
    return key.ok ? key.value : key.problems.map(({ code }) => code).join();
  };

  it("is the one that Go's client asks for first", () => {
    expect(keyOf("10.0.0.21")).toBe("ecdsa-sha2-nistp256 AAAAec");
  });

  it("belongs to an address with its port", () => {
    expect(keyOf("10.0.0.22:2222")).toBe("ssh-ed25519 AAAAother");
    expect(keyOf("10.0.0.22")).toBe("Kubeadm.NoHostKey");
    expect(keyOf("10.0.0.21:2222")).toBe("Kubeadm.NoHostKey");
  });
});
