import type { DrainPlan } from "../../../../core/drain/plan/plan";
import type { KubeCall, KubeClient } from "../../../../kube";
import {
  type CommandResult,
  type DrainCommand,
  runDrainCommand,
} from "../../../../operations/drain/commandDrain";
import type { DrainOutcome, DrainRequest } from "../../../../operations/drain/drainNodes";
import type { PlanOptions } from "../../../../operations/drain/plan";
import { failed, type Script, type ScriptedApi, scriptApi } from "../../../support/scriptedApi";

const MAY = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
const NODES = "/api/v1/nodes";
const LEASES = "/apis/coordination.k8s.io/v1/namespaces/changeover-system/leases";

const PLAN: DrainPlan = {
  nodes: ["blue-1", "blue-2"],
  pods: { total: 2, move: 2, wait: 0, ignored: 0, blocked: 0 },
  findings: [],
  budgets: [],
  capacity: { verdict: "FITS", reasons: [] },
  bound: { seconds: 1, binding: "b", words: "w" },
  terms: { chains: [], rates: undefined, waves: undefined, wait: { ms: 0, names: [] } },
  predictedSeconds: 1,
};

const FATAL: DrainPlan = {
  ...PLAN,
  findings: [{ severity: "fatal", code: "NO_NODE_LEFT", message: "none", fix: "add", subjects: [] }],
};

const DRAINED: DrainOutcome = {
  kind: "drained",
  moved: 2,
  remaining: 0,
  nodes: { empty: 2, total: 2 },
  seconds: 3,
};

interface RawNode {
  readonly metadata: {
    readonly name: string;
    readonly uid: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec: { readonly unschedulable?: boolean; readonly taints?: readonly { readonly key: string }[] };
}

const node = (name: string): RawNode => ({
  metadata: { name, uid: name, labels: { color: name.replace(/-.*/, "") } },
  spec: {},
});

const without = (object: object): object =>
  Object.fromEntries(Object.entries(object).filter(([, value]) => value !== null));

/** A cluster of nodes and one lease, which takes the writes of a drain. */
const cluster = (changes: Readonly<Record<string, Script>> = {}) => {
  const nodes = new Map(["blue-1", "blue-2", "green-1"].map(name => [`${NODES}/${name}`, node(name)]));
  let lease: { spec: Readonly<Record<string, unknown>> } | undefined;
  const patchNode = (path: string, body: unknown): unknown => {
    const patch = body as { metadata: { annotations?: object }; spec: object };
    const old = nodes.get(path);
    if (old === undefined) return undefined;
    const annotations = without({ ...old.metadata.annotations, ...patch.metadata.annotations });
    nodes.set(path, {
      metadata: { ...old.metadata, annotations: annotations as never },
      spec: without({ ...old.spec, ...patch.spec }),
    });
    return nodes.get(path);
  };
  const answerLease = ({ method, body }: KubeCall): unknown => {
    if (method !== "GET") {
      const spec = without({ ...lease?.spec, ...(body as { spec: object }).spec });
      lease = { spec: spec as Readonly<Record<string, unknown>> };
    }
    return lease;
  };
  const fixed: Readonly<Record<string, Script>> = {
    "/version": () => ({}),
    "/apis/policy/v1": () => ({}),
    "/api/v1/namespaces/changeover-system": () => ({ metadata: {} }),
    [MAY]: () => ({ status: { allowed: true } }),
    "/apis/apps/v1/deployments": () => ({ items: [] }),
    [NODES]: () => ({ items: [...nodes.values()] }),
    [LEASES]: answerLease,
    [`${LEASES}/changeover`]: answerLease,
  };
  const answerNode: Script = ({ method, path, body }) =>
    method === "PATCH" ? patchNode(path, body) : nodes.get(path);
  const script: Script = call => {
    const { method, path } = call;
    return (changes[`${method} ${path}`] ?? fixed[path] ?? answerNode)(call);
  };
  const api = scriptApi(script);
  const state = (): Readonly<Record<string, string>> =>
    Object.fromEntries(
      [...nodes.values()].map(({ metadata, spec }) => [
        metadata.name,
        [
          spec.unschedulable === true ? "cordoned" : "open",
          ...(spec.taints ?? []).map(({ key }) => key),
        ].join(" "),
      ]),
    );
  return { api, state, holder: () => lease?.spec["holderIdentity"] };
};

interface Given {
  /** One for each time that it is asked; the last one stays. */
  readonly plans?: readonly DrainPlan[];
  readonly outcomes?: readonly DrainOutcome[];
  readonly onDrain?: () => void;
}

let runs = 0;

const command = (more: Partial<DrainCommand> = {}): DrainCommand => ({
  run: `test-${runs++}`,
  way: "drain",
  nodes: { labels: { matchLabels: { color: "blue" } } },
  dryRun: "none",
  rules: { force: false, deleteEmptyDirData: false },
  onAlarm: "hold",
  deadlineSeconds: 60,
  timeoutSeconds: 10,
  leaseWaitMs: 0,
  ladder: {},
  ...more,
});

/** Runs a command with the plan and the drain given, and notes what they were asked. */
const run = async (api: ScriptedApi, asked: DrainCommand, given: Given = {}) => {
  const lines: string[] = [];
  const plans: DrainPlan[] = [];
  const requests: DrainRequest[] = [];
  const planned: { kube: KubeClient; options: PlanOptions | undefined }[] = [];
  const ports = {
    kube: api.kube,
    now: () => 0,
    log: (line: string) => void lines.push(line),
    onPlan: (plan: DrainPlan) => void plans.push(plan),
    steps: {
      readPlan: (kube: KubeClient, _: DrainRequest, options?: PlanOptions) => {
        planned.push({ kube, options });
        return Promise.resolve(given.plans?.[planned.length - 1] ?? given.plans?.at(-1) ?? PLAN);
      },
      drainNodes: (_: unknown, request: DrainRequest) => {
        requests.push(request);
        given.onDrain?.();
        return Promise.resolve(given.outcomes?.[requests.length - 1] ?? DRAINED);
      },
    },
  };
  const result: CommandResult = await runDrainCommand(ports, asked, new AbortController().signal);
  return { result, lines, plans, requests, planned };
};

const OPEN = { "blue-1": "open", "blue-2": "open", "green-1": "open" };
const LEFT = "cordoned changeover.dev/leaving";

it("plans, takes the lease, cordons every node, drains, and lets go of the lease", async () => {
  const { api, state, holder } = cluster();
  const asked = command();
  let during: unknown;
  const onDrain = (): void => {
    during = { nodes: state(), held: String(holder()).startsWith(asked.run) };
  };
  const { result, plans, requests } = await run(api, asked, { onDrain });
  expect(during).toEqual({ nodes: { ...OPEN, "blue-1": LEFT, "blue-2": LEFT }, held: true });
  expect(result).toEqual({ kind: "ended", way: "drain", outcome: DRAINED, plan: PLAN });
  expect(plans).toEqual([PLAN]);
  expect(requests).toEqual([
    {
      run: asked.run,
      nodes: { labels: { matchLabels: { color: "blue" } } },
      ladder: {},
      rules: asked.rules,
      sentries: { policy: "hold" },
      deadlineSeconds: 60,
      timeoutSeconds: 10,
      cordon: true,
      roomProven: true,
    },
  ]);
  expect(holder()).toBeUndefined();
  expect(state()).toMatchObject({ "blue-1": LEFT, "green-1": "open" });
});

it("leaves blue closed when it could not finish, so that the same command goes on", async () => {
  const { api, state } = cluster();
  const outcome: DrainOutcome = { ...DRAINED, kind: "paused", reasons: ["out of time"], remaining: 1 };
  const { result } = await run(api, command(), { outcomes: [outcome] });
  expect(result).toMatchObject({ kind: "ended", outcome: { kind: "paused" } });
  expect(state()["blue-1"]).toBe(LEFT);
});

describe("refused before anything changes", () => {
  it("by missing rights for a rung that the run is allowed", async () => {
    const isSurge = /"verb":"patch".*"resource":"deployments"/;
    const { api } = cluster({
      [`POST ${MAY}`]: ({ body }) => ({ status: { allowed: !isSurge.test(JSON.stringify(body)) } }),
    });
    expect((await run(api, command())).result).toMatchObject({ kind: "ended" });
    const surging = command({ ladder: { surge: [{ namespace: "shop" }] } });
    expect((await run(api, surging)).result).toMatchObject({
      kind: "refused",
      problems: [{ code: "Drain.Forbidden", path: "deployments.apps" }],
    });
  });

  it("by a server that does not answer", async () => {
    const api = scriptApi(() => failed(503));
    const { result, planned } = await run(api, command());
    expect(result).toMatchObject({
      kind: "refused",
      reached: false,
      problems: [{ code: "Drain.Unreachable" }],
    });
    expect(planned.map(({ options }) => options?.signal?.aborted)).toEqual([true]);
    expect(api.writes()).toEqual([]);
  });

  it("by missing rights", async () => {
    const { api } = cluster({ [`POST ${MAY}`]: () => ({ status: { allowed: false } }) });
    const { result } = await run(api, command());
    expect(result).toMatchObject({ kind: "refused", reached: true });
    expect(api.writes()).toEqual([]);
  });

  it("by a fatal finding, with the plan that has it", async () => {
    const { api } = cluster();
    const { result, plans, requests } = await run(api, command(), { plans: [FATAL] });
    expect(result).toEqual({ kind: "refused", reached: true, problems: [], plan: FATAL });
    expect([plans, requests, api.writes()]).toEqual([[], [], []]);
  });

  it("by another run that holds the lease", async () => {
    const spec = { holderIdentity: "ci", leaseDurationSeconds: 30, renewTime: new Date().toISOString() };
    const { api, state } = cluster({ [`GET ${LEASES}/changeover`]: () => ({ spec, metadata: {} }) });
    const { result, requests } = await run(api, command());
    expect(result).toMatchObject({ kind: "held", reason: expect.stringContaining("held by ci") as string });
    expect(requests).toEqual([]);
    expect(state()).toEqual(OPEN);
  });
});

it("opens every node again when one of them cannot be cordoned", async () => {
  const { api, state, holder } = cluster({
    [`PATCH ${NODES}/blue-2`]: () => failed(403, { message: "webhook" }),
  });
  await expect(run(api, command())).rejects.toThrow(/Fence.Failed at nodes\/blue-2.*webhook/);
  expect(state()).toEqual(OPEN);
  expect(holder()).toBeUndefined();
});

describe("dry runs", () => {
  it("on the client end with the plan", async () => {
    const { api } = cluster();
    const { result, requests } = await run(api, command({ dryRun: "client" }));
    expect(result).toEqual({ kind: "planned", plan: PLAN, trials: [] });
    expect([requests, api.writes()]).toEqual([[], []]);
  });

  it("on the server try one Ready pod of each workload without evicting it", async () => {
    const pod = (name: string, owner: string, { ready = true, on = "blue-1" } = {}) => ({
      metadata: {
        name,
        namespace: "shop",
        uid: name,
        ownerReferences: [
          { apiVersion: "apps/v1", kind: "ReplicaSet", name: owner, uid: owner, controller: true },
        ],
      },
      spec: { nodeName: on },
      status: { phase: "Running", conditions: [{ type: "Ready", status: ready ? "True" : "False" }] },
    });
    const items = [
      pod("web-1", "web", { ready: false }),
      pod("web-2", "web"),
      pod("db-1", "db"),
      pod("far-1", "far", { on: "green-1" }),
    ];
    const said: Script = ({ path }) =>
      path.includes("/db-1/")
        ? failed(429, { details: { causes: [{ reason: "DisruptionBudget", message: "needs 1 has 1" }] } })
        : failed(403, { message: "the webhook says no" });
    const { api } = cluster({
      "GET /api/v1/pods": () => ({ items }),
      "POST /api/v1/namespaces/shop/pods/web-2/eviction": said,
      "POST /api/v1/namespaces/shop/pods/db-1/eviction": said,
    });
    const { result } = await run(api, command({ dryRun: "server" }));
    expect(result).toMatchObject({
      kind: "planned",
      trials: [
        { pod: "shop/db-1", owner: "ReplicaSet db", verdict: "waits", message: "needs 1 has 1" },
        { pod: "shop/web-2", owner: "ReplicaSet web", verdict: "refused" },
      ],
    });
    expect(api.writes()).toEqual([]);
    expect(JSON.stringify(api.calls.at(-1)?.body)).toContain('"dryRun":["All"]');
  });
});

describe("the way back", () => {
  const back = (): DrainCommand =>
    command({
      way: "rollback",
      nodes: { labels: { matchLabels: { color: "green" } } },
      to: { labels: { matchLabels: { color: "blue" } } },
    });
  const BACK: DrainPlan = { ...PLAN, nodes: ["green-1"] };

  it("is planned as if blue were open, then opens blue, closes green and drains it", async () => {
    const { api, state } = cluster();
    await run(api, command());
    const { result, planned } = await run(api, back(), { plans: [BACK] });
    expect(state()).toEqual({ "blue-1": "open", "blue-2": "open", "green-1": LEFT });
    expect(result).toMatchObject({ kind: "ended", way: "rollback", outcome: { kind: "drained" } });
    expect(planned[0]?.kube).not.toBe(api.kube);
    expect(planned[0]?.options?.to).toEqual(back().to);
  });

  it("leaves blue closed when it is refused", async () => {
    const { api, state } = cluster();
    await run(api, command());
    await run(api, back(), { plans: [FATAL] });
    expect(state()).toEqual({ "blue-1": LEFT, "blue-2": LEFT, "green-1": "open" });
  });
});

describe("an alarm that lasts", () => {
  const ALARM: DrainOutcome = { ...DRAINED, kind: "rollback", reasons: ["pending is closed"], remaining: 1 };
  const BACK: DrainPlan = { ...PLAN, nodes: ["green-1"] };
  const turning = (): DrainCommand =>
    command({ onAlarm: "rollback", to: { labels: { matchLabels: { color: "green" } } } });

  it("turns the drain round: blue is opened, green is closed and drained, and it does not turn again", async () => {
    const { api, state } = cluster();
    const asked = turning();
    const { result, requests } = await run(api, asked, { plans: [PLAN, BACK], outcomes: [ALARM, DRAINED] });
    expect(result).toMatchObject({
      kind: "ended",
      way: "rollback",
      outcome: { kind: "drained" },
      plan: BACK,
    });
    expect(requests.map(({ nodes, sentries }) => ({ nodes, sentries }))).toEqual([
      { nodes: asked.nodes, sentries: { policy: "rollback" } },
      { nodes: asked.to, sentries: { policy: "hold" } },
    ]);
    expect(state()).toEqual({ "blue-1": "open", "blue-2": "open", "green-1": LEFT });
  });

  it("opens blue again even when there is no way back", async () => {
    const { api, state } = cluster();
    const { result, requests } = await run(api, turning(), { plans: [PLAN, FATAL], outcomes: [ALARM] });
    expect(result).toMatchObject({ kind: "ended", way: "drain", outcome: { kind: "rollback" } });
    expect(requests).toHaveLength(1);
    expect(state()).toEqual(OPEN);
  });
});

describe("giving up", () => {
  it("gives the nodes back as they were, and drains nothing", async () => {
    const { api, state } = cluster();
    await run(api, command());
    const { result, requests } = await run(api, command({ way: "abort" }));
    expect(result).toEqual({
      kind: "givenBack",
      dryRun: false,
      nodes: { changed: ["blue-1", "blue-2"], same: [], gone: [] },
      surges: [],
    });
    expect(requests).toEqual([]);
    expect(state()).toEqual(OPEN);
  });

  it("says in a dry run which nodes it would give back", async () => {
    const { api, state } = cluster();
    await run(api, command());
    const { result } = await run(api, command({ way: "abort", dryRun: "client" }));
    expect(result).toMatchObject({
      kind: "givenBack",
      dryRun: true,
      nodes: { changed: ["blue-1", "blue-2"] },
    });
    expect(state()["blue-1"]).toBe(LEFT);
  });

  it("touches nothing while another run holds the lease", async () => {
    const spec = { holderIdentity: "ci", leaseDurationSeconds: 30, renewTime: new Date().toISOString() };
    const { api } = cluster({ [`GET ${LEASES}/changeover`]: () => ({ spec, metadata: {} }) });
    const { result } = await run(api, command({ way: "abort" }));
    expect(result.kind).toBe("held");
    expect(api.writes()).toEqual([]);
  });
});
