import { ProblemError } from "../../../../core/problem";
import { awaitPlatform } from "../../../../operations/platform/awaitPlatform";
import { scriptApi } from "../../../support/scriptedApi";

const OPEN = { "changeover.dev/generation": "workers-1-35-51abc2" };
const UNPROVEN = [{ key: "changeover.dev/unproven", effect: "NoSchedule" }];

interface NodeWish {
  readonly labels?: object;
  readonly taints?: readonly object[];
  readonly ready?: boolean;
}

const node = ({ labels = OPEN, taints = [], ready = true }: NodeWish = {}): object => ({
  metadata: { name: "node", labels },
  spec: { taints },
  status: { conditions: [{ type: "Ready", status: ready ? "True" : "False" }] },
});

/** A Deployment of two pods, rolled out but for what is said. */
const deployment = (status: object = {}): object => ({
  metadata: { name: "controller", namespace: "ingress", generation: 2 },
  spec: { replicas: 2 },
  status: { observedGeneration: 2, replicas: 2, updatedReplicas: 2, availableReplicas: 2, ...status },
});

const daemons = (status: object, spec: object = {}): object => ({
  metadata: { name: "agent", namespace: "ingress", generation: 1 },
  spec,
  status: {
    observedGeneration: 1,
    desiredNumberScheduled: 3,
    numberAvailable: 3,
    updatedNumberScheduled: 3,
    ...status,
  },
});

interface Seen {
  readonly nodes?: readonly object[];
  /** Look by look; the last one stays. */
  readonly deployments?: readonly (readonly object[])[];
  readonly daemonSets?: readonly object[];
}

const wait = async ({
  nodes = [node()],
  deployments = [[]],
  daemonSets = [],
}: Seen): Promise<[number, number]> => {
  let looks = 0;
  const { kube } = scriptApi(({ path }) => {
    if (path.endsWith("/nodes")) return { items: nodes };
    if (path.endsWith("/namespaces/ingress/daemonsets")) return { items: daemonSets };
    if (!path.endsWith("/namespaces/ingress/deployments")) return { items: [] };
    return { items: deployments[Math.min(looks++, deployments.length - 1)] };
  });
  const ports = { kube, now: () => looks * 1_000, log: () => undefined };
  const wanted = { namespaces: ["ingress"], timeoutSeconds: 2 };
  return [await awaitPlatform(ports, wanted, new AbortController().signal), looks];
};

const refused = async (seen: Seen): Promise<string> => {
  const error: unknown = await wait(seen).catch((reason: unknown) => reason);
  if (!(error instanceof ProblemError)) throw new Error(`not refused: ${String(error)}`);
  return error.problems.map(({ code, message }) => `${code} ${message}`).join("\n");
};

describe("waiting for the user's own platform", () => {
  it("ends when all that runs in the namespaces is rolled out, and counts it", async () => {
    expect(await wait({ deployments: [[deployment()]], daemonSets: [daemons({})] })).toEqual([2, 1]);
  });

  it.each([
    ["a pod is not available", { availableReplicas: 1 }],
    ["a pod is of the older template", { updatedReplicas: 1 }],
    ["an older pod is still there", { replicas: 3 }],
    ["its controller has not looked at the newest template", { observedGeneration: 1 }],
  ])("waits while %s", async (_why, status) => {
    expect(await wait({ deployments: [[deployment(status)], [deployment()]] })).toEqual([1, 2]);
    expect(await refused({ deployments: [[deployment(status)]] })).toMatch(
      /^PlatformGate\.Unwell .*Deployment ingress\/controller/,
    );
  });

  it("does not wait for one that its controller gave up on, and says its reason", async () => {
    const conditions = [
      { type: "Progressing", status: "False", reason: "ProgressDeadlineExceeded", message: "has timed out" },
    ];
    expect(await refused({ deployments: [[deployment({ updatedReplicas: 1, conditions })]] })).toBe(
      "PlatformGate.Failed its controller gave up on Deployment ingress/controller: has timed out",
    );
  });

  it("waits for nothing as long as no pool has opened a node", async () => {
    const short = [[deployment({ availableReplicas: 0 })]];
    for (const nodes of [[], [node({ labels: {} })], [node({ taints: UNPROVEN })]])
      expect(await wait({ nodes, deployments: short })).toEqual([0, 0]);
  });

  it("forgives a DaemonSet one pod for each node that is down, and no more", async () => {
    const nodes = [node(), node(), node({ ready: false })];
    const short = { numberAvailable: 2, updatedNumberScheduled: 2 };
    expect((await wait({ nodes, daemonSets: [daemons(short)], deployments: [[]] }))[0]).toBe(1);
    expect(await refused({ daemonSets: [daemons(short)] })).toMatch(/DaemonSet ingress\/agent 2\/3/);
  });

  it("takes one that is replaced by hand for rolled out when its pods are there", async () => {
    const byHand = daemons({ updatedNumberScheduled: 0 }, { updateStrategy: { type: "OnDelete" } });
    expect((await wait({ daemonSets: [byHand] }))[0]).toBe(1);
  });
});
