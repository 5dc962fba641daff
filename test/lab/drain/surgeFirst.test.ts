import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { ensureTool } from "../../../controlplane/tools";
import { LADDER_ANNOTATION, LADDER_LABEL } from "../../../core/drain/ladder/names";
import { collectionPath, KINDS, listAll, objectPath, projectWorkload, readLease } from "../../../kube";
import { SIMULATE } from "../../../lab/simulator/annotations";
import { drainNodes } from "../../../operations/drain/drainNodes";
import { fenceNodes, openFence } from "../../../operations/drain/fence";
import { revertSurges } from "../../../operations/drain/ladder";
import { type Audit, expectClean } from "../../support/auditor";
import { pidOf } from "../../support/labProcess";
import { surgedBy } from "../../support/surgeMarks";
import { run as runOptions } from "../../support/temporaryLabs";
import {
  type Arena,
  createWorkload,
  openArena,
  openGreen,
  podsOf,
  startMonitor,
  until,
  untilReady,
} from "./arena";
import { type ChildRun, commandFor, type Ended, startCommand } from "./childRun";
import type { CallAt, Moment } from "./killPoints";
import { useLab } from "./ownLab";
import { DRAINED, endOf, evictionsOf, openShop } from "./shop";

const LAB = "surge";
const lab = useLab(LAB);
const QUICK = {
  [SIMULATE.startDelay]: "100ms",
  [SIMULATE.readyDelay]: "300ms",
  [SIMULATE.stopDelay]: "200ms",
};
let audit: Audit;

beforeEach(async () => {
  audit = await lab.audit();
});

const start = (arena: Arena, dieAt?: Moment): ChildRun =>
  startCommand({
    kubeconfig: lab.kubeconfig,
    command: commandFor(arena, { ladder: { surgeFirst: [{ namespace: arena.name }] } }),
    quietMs: 1_000,
    ...(dieAt === undefined ? {} : { dieAt }),
  });

describe("a Deployment that gets its successors first", () => {
  const REPLICAS = 10;
  /** What a successor takes, and how long its predecessor stays, at least: `openShop` sets it so. */
  const START_SECONDS = 1.5;
  const STOP_SECONDS = 1.5;

  it("is not short of a pod for a moment, is never evicted, and is through before any drain without surge could be", async () => {
    const arena = await openShop(lab.kube, "first", {
      apps: { web: { replicas: REPLICAS, budget: { maxUnavailable: 1 } } },
    });
    const monitor = await startMonitor(arena);
    const run = start(arena);
    expect(await endOf(run)).toEqual(DRAINED);
    monitor.stop();
    const { result } = await run.ended;
    const seconds = result?.kind === "ended" ? result.outcome.seconds : NaN;
    const bound = (REPLICAS - 1) * START_SECONDS + STOP_SECONDS;
    process.stderr.write(`surge-first: ${seconds.toFixed(1)} s, bound without surge ${bound.toFixed(1)} s\n`);
    expect(monitor.lowest("web")).toBe(REPLICAS);
    expect(monitor.births("web")).toBe(2 * REPLICAS);
    expect(evictionsOf(run)).toBe(0);
    expect(seconds).toBeLessThan(bound);
    expectClean(await audit.stop());
  });
});

describe("a surge-first that is killed", () => {
  const REPLICAS = 3;

  const open = async (name: string): Promise<Arena> => {
    const arena = await openArena(lab.kube, name, 2);
    await createWorkload(arena, { name: "web", replicas: REPLICAS, annotations: QUICK, graceSeconds: 1 });
    await untilReady(arena, REPLICAS);
    return openGreen(arena, 1);
  };

  /** What is left of ours on Deployments and pods. (A ReplicaSet keeps a copy of every annotation its Deployment had.) */
  const recordsOf = async (arena: Arena): Promise<readonly string[]> => {
    const ours: readonly string[] = [LADDER_ANNOTATION, LADDER_LABEL].flatMap(Object.values<string>);
    const found: string[] = [];
    for (const kind of [KINDS.deployments, KINDS.pods]) {
      const { items } = await listAll<{ metadata: { annotations?: object; labels?: object } }>(
        lab.kube,
        collectionPath(kind, arena.name),
      );
      const keys = items.flatMap(({ metadata: { annotations, labels } }) =>
        Object.keys({ ...annotations, ...labels }),
      );
      found.push(...keys.filter(key => ours.includes(key)).map(key => `${kind.plural}: ${key}`));
    }
    return found;
  };

  const replicasOf = async (arena: Arena): Promise<readonly unknown[]> =>
    (
      await listAll<{ spec: { replicas: number } }>(lab.kube, collectionPath(KINDS.deployments, arena.name))
    ).items.map(({ spec }) => spec.replicas);

  const stateOf = async (arena: Arena): Promise<object> => ({
    replicas: await replicasOf(arena),
    records: await recordsOf(arena),
    nodes: (await podsOf(arena)).map(({ node }) => node),
    holder: (await readLease(lab.kube, { namespace: "changeover-system", name: "changeover" }))?.holder,
  });

  const GIVEN_BACK = (arena: Arena): object => ({
    replicas: [REPLICAS],
    records: [],
    nodes: Array.from({ length: REPLICAS }, () => arena.green[0]),
    holder: undefined,
  });

  const ladderWrites = ({ said }: Ended): readonly CallAt[] =>
    said.flatMap(line => (line.kind === "call" && line.at.kind === "ladder" ? [line.at] : []));

  const finish = async (arena: Arena): Promise<object> => {
    const monitor = await startMonitor(arena);
    const end = await endOf(start(arena));
    await untilReady(arena, REPLICAS);
    monitor.stop();
    return { end, lowest: monitor.lowest("web"), ...(await stateOf(arena)) };
  };

  it("after each of its writes (marking, surging, handing over, taking back): the next run ends it, and nothing is left on record", async () => {
    const model = await open("model");
    const writes = ladderWrites(await start(model).ended);
    expect(await stateOf(model)).toEqual(GIVEN_BACK(model));
    expect(writes.length).toBeGreaterThanOrEqual(4 + REPLICAS);
    let killed = 0;
    for (const [index, point] of writes.entries()) {
      const arena = await open(`kill-${index}`);
      const first = await start(arena, point).ended;
      killed += first.killed ? 1 : 0;
      // A run with one write less than the model's ends before it is killed: then it has to have ended well.
      if (!first.killed) expect({ point, said: first.result?.kind }).toEqual({ point, said: "ended" });
      expect({ point, ...(await finish(arena)) }).toEqual({
        ...{ point, end: DRAINED, lowest: REPLICAS },
        ...GIVEN_BACK(arena),
      });
    }
    expect(killed).toBeGreaterThanOrEqual(4 + REPLICAS);
    expectClean(await audit.stop());
  }, 600_000);
});

describe("the record of a surge that is over, which `kubectl rollout undo` brings back,", () => {
  const RECORD = { run: "killed", rung: "surge", baseline: 2, surge: 3, at: 1_000_000 };
  const COPIED = { ...surgedBy(RECORD).annotations };

  const web = ({ name: namespace }: Arena): string =>
    objectPath(KINDS.deployments, { namespace, name: "web" });

  const change = (arena: Arena, body: object): Promise<unknown> =>
    lab.kube.request({ method: "PATCH", path: web(arena), body });

  const untilSettled = (arena: Arena) =>
    until("the end of the rollout", async () => {
      const view = projectWorkload("Deployment")(await lab.kube.request({ method: "GET", path: web(arena) }));
      const { observedGeneration, generation, updated, replicas, desired } = view;
      const settled = observedGeneration === generation && updated === desired && replicas === desired;
      return settled ? view : undefined;
    });

  const untilCopied = (arena: Arena): Promise<true> =>
    until("the controller's copy of the record", async () => {
      const { items } = await listAll<{ metadata: { annotations?: object } }>(
        lab.kube,
        collectionPath(KINDS.replicaSets, arena.name),
      );
      return (
        items.some(({ metadata }) => LADDER_ANNOTATION.surge in (metadata.annotations ?? {})) || undefined
      );
    });

  const undo = async ({ name }: Arena): Promise<void> => {
    const program = (await ensureTool("kubernetes-1.36", runOptions())).bin("kubectl");
    const env = { ...process.env, KUBECONFIG: lab.kubeconfig };
    await promisify(execFile)(program, ["rollout", "undo", "deployment/web", "--namespace", name], { env });
  };

  it("does not take back what its owner has set since, and is taken away", async () => {
    const arena = await openArena(lab.kube, "undone", 1);
    await createWorkload(arena, { name: "web", replicas: 2, annotations: QUICK, graceSeconds: 1 });
    await change(arena, { metadata: surgedBy(RECORD), spec: { replicas: 3 } });
    await untilCopied(arena);
    const log = (): void => undefined;
    expect(await revertSurges(lab.kube, { log })).toEqual(["Deployment undone/web: back from 3 to 2"]);
    const template = { metadata: { annotations: { "lab.test/version": "2" } } };
    await change(arena, { spec: { replicas: 3, template } });
    await untilSettled(arena);
    await undo(arena);
    expect((await untilSettled(arena)).annotations).toMatchObject(COPIED);
    expect(await revertSurges(lab.kube, { log })).toEqual([]);
    const { desired, annotations } = await untilSettled(arena);
    expect(desired).toBe(3);
    expect(annotations).not.toHaveProperty(LADDER_ANNOTATION.surge);
    expectClean(await audit.stop());
  });
});

/** Stops and continues a process in turn, so that what it watches reaches it in bursts. */
const stutter = (pid: number): (() => void) => {
  let stopped = false;
  const timer = setInterval(() => {
    stopped = !stopped;
    process.kill(pid, stopped ? "SIGSTOP" : "SIGCONT");
  }, 250);
  return () => {
    clearInterval(timer);
    process.kill(pid, "SIGCONT");
  };
};

describe("the pods that a ReplicaSet lets go", () => {
  const REPLICAS = 4;
  const ROUNDS = 20;

  const move = async (arena: Arena, from: readonly string[], to: readonly string[]): Promise<string> => {
    const run = `${arena.name}-${process.hrtime.bigint()}`;
    await openFence(lab.kube, to);
    await fenceNodes(lab.kube, from, { run, cordon: true });
    const { kind } = await drainNodes(
      { kube: lab.kube, now: Date.now, log: () => undefined },
      { run, nodes: from, ladder: { surgeFirst: [{ namespace: arena.name }] }, tuning: { quietMs: 500 } },
      new AbortController().signal,
    );
    return kind;
  };

  it(`are those on the leaving nodes, ${ROUNDS} times out of ${ROUNDS}, also when the controller manager hears of everything in bursts`, async () => {
    const arena = await openArena(lab.kube, "marks", 1);
    await createWorkload(arena, { name: "web", replicas: REPLICAS, annotations: QUICK, graceSeconds: 1 });
    await untilReady(arena, REPLICAS);
    const { blue, green } = await openGreen(arena, 1);
    const monitor = await startMonitor(arena);
    const steady = stutter(pidOf(LAB, "kube-controller-manager"));
    const moved: object[] = [];
    for (let round = 1; round <= ROUNDS; round++) {
      const [from, to] = round % 2 === 1 ? [blue, green] : [green, blue];
      moved.push({ round, kind: await move(arena, from, to), births: monitor.births("web") });
    }
    steady();
    monitor.stop();
    expect(moved).toEqual(
      moved.map((_, index) => ({ round: index + 1, kind: "drained", births: REPLICAS * (index + 2) })),
    );
    expect(monitor.lowest("web")).toBe(REPLICAS);
    expectClean(await audit.stop());
  });
});
