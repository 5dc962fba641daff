import type { NodePoolArgs } from "../../../../../components/clouds/contract";
import { controlPlaneScript } from "../../../../../components/clouds/kubeadm/controlPlaneScript";
import {
  confirmScript,
  forgetScript,
  joinScript,
  leaveScript,
} from "../../../../../components/clouds/kubeadm/machineScripts";
import { connectionOf, parseStack, type StackSpec } from "../../../../../core/config";
import { generationId } from "../../../../../core/identity/generation";

const stackWith = (pool: object = {}, ssh: object = {}): StackSpec => {
  const parsed = parseStack({
    cluster: {
      ...{ name: "eu", cloud: "kubeadm", version: "1.36.4", kubeconfig: "kubeconfig" },
      kubeadm: { controlPlanes: { cp1: "10.0.0.11" }, ssh: { knownHosts: "known_hosts", ...ssh } },
    },
    pools: {
      workers: { size: { min: 1, max: 1 }, image: "1.36.4-1.1", hosts: { w1: "10.0.0.21" }, ...pool },
    },
  });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.value;
};

const argsFor = (pool: object = {}, ssh: object = {}): NodePoolArgs => {
  const { cluster, pools } = stackWith(pool, ssh);
  const [spec] = pools;
  if (spec === undefined) throw new Error("no pool");
  const connection = connectionOf(cluster);
  return { cluster, connection, pool: "workers", generation: generationId("eu", spec), active: true, spec };
};

describe("the script of a control-plane machine", () => {
  it("is kubeadm's own order on the first one", () => {
    expect(controlPlaneScript(stackWith().cluster, { node: "cp1", first: true })).toMatchSnapshot();
  });

  it("follows the cluster's version on the others, without planning or applying it", () => {
    const script = controlPlaneScript(stackWith().cluster, { node: "cp2", first: false });
    expect(script).toContain("\nkubeadm upgrade node\n");
    expect(script).not.toMatch(/upgrade (plan|apply)/);
  });

  it("deletes by name what an accepted outage passes over, and leaves all others to kubectl's own refusals", () => {
    const { cluster } = stackWith();
    const accepted = {
      ...{ until: "2026-12-31", reason: "it's night" },
      disregard: { "shop/web": ["budget" as const], "shop/debug": ["noController" as const] },
    };
    const { kubeadm } = cluster;
    if (kubeadm === undefined) throw new Error("no kubeadm");
    const host = { node: "cp1", first: true };
    const plain = controlPlaneScript(cluster, host).split("\n");
    const script = controlPlaneScript(
      { ...cluster, kubeadm: { ...kubeadm, acceptedOutage: accepted } },
      host,
    );
    expect(script.split("\n").filter(line => !plain.includes(line))).toMatchInlineSnapshot(`
     [
       "kubectl cordon cp1",
       "named() { kubectl get pods -n "$1" --field-selector spec.nodeName=cp1 --no-headers -o "custom-columns=NAME:.metadata.name,OWNER:.metadata.ownerReferences[0].name,HASH:.metadata.labels.pod-template-hash" | while read -r pod owner hash; do if [ "$owner" = "<none>" ]; then owner=$pod; fi; if [ "\${owner%-$hash}" = "$2" ]; then echo "$pod"; fi; done; }",
       "drop() { pods=$(named "$1" "$2"); if [ -n "$pods" ]; then kubectl delete pods -n "$1" $pods --ignore-not-found --timeout=600s; fi; }",
       "drop shop debug",
       "drop shop web",
     ]
    `);
    expect(script).not.toMatch(/--force|--delete-emptydir-data|--disable-eviction|night/);
  });

  it("becomes root where the user is not", () => {
    const { cluster } = stackWith({}, { user: "ubuntu" });
    expect(controlPlaneScript(cluster, { node: "cp1", first: true })).toMatch(/^sudo -n sh -c 'set -eu\n/);
  });
});

describe("the scripts of a pool's machine", () => {
  it("joins with the invitation that was laid there, born unproven and labelled", () => {
    const pool = { labels: { team: "ml" }, taints: [{ key: "gpu", value: "yes", effect: "NoExecute" }] };
    expect(joinScript(argsFor(pool), "w1")).toMatchSnapshot();
  });

  it("takes a node that somebody else joined over as it is, and only one that bears no mark", () => {
    const script = joinScript({ ...argsFor(), adopted: "w1" }, "w1");
    const [, ...lines] = joinScript(argsFor(), "w1").split("\n");
    const added = script
      .split("\n")
      .filter(line => !lines.includes(line))
      .slice(1);
    expect(added).toMatchInlineSnapshot(`
     [
       "elif [ -e /etc/kubernetes/kubelet.conf ] && [ ! -e /var/lib/changeover/joined ] && [ ! -e /var/lib/changeover/joining ]; then",
       "echo workers-1-36-e2539c > /var/lib/changeover/joined",
       "echo "w1 is taken over as a node of workers-1-36-e2539c, as it is"",
       "exit 0",
     ]
    `);
    expect(joinScript(argsFor(), "w1")).not.toContain("taken over");
  });

  it("takes kubeadm of the cluster's version and the kubelet of the pool's, from the repositories of both", () => {
    const script = joinScript(argsFor({ version: "1.35.8", image: "1.35.8-1.1" }), "w1");
    expect(script).toContain("apt-get install -y kubeadm=1.36.4-1.1 kubelet=1.35.8-1.1 kubectl=1.35.8-1.1");
    expect(script).toContain("/v1.36/deb/ /");
    expect(script).toContain("/v1.35/deb/ /");
  });

  it("confirms, leaves and is forgotten only as what it is", () => {
    const args = argsFor();
    expect([confirmScript(args, "w1"), leaveScript(args), forgetScript(args)]).toMatchSnapshot();
  });

  it("has the same text whatever the cluster's version, where it may run on a live node", () => {
    const args = argsFor();
    const later = { ...args, cluster: { ...args.cluster, version: "1.37.1" } };
    expect([confirmScript(later, "w1"), leaveScript(later), forgetScript(later)]).toEqual([
      confirmScript(args, "w1"),
      leaveScript(args),
      forgetScript(args),
    ]);
  });
});
