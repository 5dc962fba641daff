import {
  apiserverArgs,
  balancerArgs,
  controllerManagerArgs,
  etcdArgs,
  schedulerArgs,
  type CommandContext,
} from "../../../../controlplane/plane/commandLines";

const context: CommandContext = {
  dir: "/labs/one/plane",
  ports: {
    etcd: 1,
    "etcd-peer": 2,
    "kube-apiserver-a": 3,
    "kube-apiserver-b": 4,
    balancer: 5,
    "kube-controller-manager": 6,
    "kube-scheduler": 7,
  },
};
const all = (given: CommandContext): readonly string[] => [
  ...etcdArgs(given),
  ...apiserverArgs(given, "kube-apiserver-a"),
  ...apiserverArgs(given, "kube-apiserver-b"),
  ...controllerManagerArgs(given),
  ...schedulerArgs(given),
];

describe("command lines of a control plane", () => {
  it("are the same words for the same context, so that a change can be seen", () => {
    expect(all(context)).toEqual(all({ ...context }));
  });

  it("listen on loopback only", () => {
    const listening = all(context).filter(arg => /^--(bind-address|listen-)/.test(arg));
    expect(listening).toHaveLength(2 + 4);
    for (const arg of listening) expect(arg).toMatch(/=(https:\/\/)?127\.0\.0\.1(:\d+)?$/);
  });

  it("advertise an address that is not loopback, which apiservers refuse", () => {
    expect(apiserverArgs(context, "kube-apiserver-a")).toContain("--advertise-address=192.0.2.1");
  });

  it("say nothing of emulation in the final stage", () => {
    expect(all(context).filter(arg => arg.includes("emulated"))).toEqual([]);
  });

  it("make every Kubernetes server emulate the same minor", () => {
    const emulating = all({ ...context, emulated: "1.35" }).filter(
      arg => arg === "--emulated-version=kube=1.35",
    );
    expect(emulating).toHaveLength(4);
  });

  it("authorise by node and by role, and let nobody into etcd without a certificate", () => {
    expect(apiserverArgs(context, "kube-apiserver-b")).toContain("--authorization-mode=Node,RBAC");
    expect(etcdArgs(context)).toEqual(
      expect.arrayContaining(["--client-cert-auth=true", "--peer-client-cert-auth=true"]),
    );
  });

  it("differ between the two apiservers in nothing but their port", () => {
    const [a, b] = [apiserverArgs(context, "kube-apiserver-a"), apiserverArgs(context, "kube-apiserver-b")];
    expect(a.filter(arg => !b.includes(arg))).toEqual(["--secure-port=3"]);
  });

  it("tell the balancer its folder and its port", () => {
    expect(balancerArgs(context)).toEqual(["/labs/one/plane", "5"]);
  });
});
