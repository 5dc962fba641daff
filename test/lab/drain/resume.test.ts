import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { ownEntry } from "../../../controlplane/process/ownEntry";
import { leasePath, readLease } from "../../../kube";
import { SIMULATE } from "../../../lab/simulator/annotations";
import { drainNodes, type DrainOutcome } from "../../../operations/drain/drainNodes";
import { fenceNodes } from "../../../operations/drain/fence";
import {
  type Arena,
  closeArena,
  createWorkload,
  openArena,
  openGreen,
  podsOf,
  startMonitor,
  until,
  untilCounted,
  untilReady,
} from "./arena";
import { OLD } from "../../support/temporaryLabs";
import { useLab } from "./ownLab";

const LAB = "resume";
const lab = useLab(LAB, { version: OLD });
const ROOT = join(__dirname, "..", "..", "..");
const LEASE = { namespace: "changeover-system", name: "changeover" };
let arena: Arena;
let child: ChildProcess | undefined;
let lines: string[] = [];

beforeEach(() => {
  lines = [];
});

afterEach(async () => {
  child?.kill("SIGKILL");
  await closeArena(arena);
});

/** Each pod of the tight budget takes this long to be ready: a drain is met half-way on any machine. */
const READY_DELAY = { [SIMULATE.readyDelay]: "2s" };

/** Six pods of one tight budget on two blue nodes, which are closed, and a green node that takes them. */
const openTight = async (name: string): Promise<void> => {
  arena = await openArena(lab.kube, name, 2);
  const budget = { maxUnavailable: 1 };
  await createWorkload(arena, { name: "web", replicas: 6, budget, annotations: READY_DELAY });
  await createWorkload(arena, { name: "plain", replicas: 6 });
  await untilReady(arena, 12);
  await untilCounted(arena, 1);
  arena = await openGreen(arena, 1);
  await fenceNodes(lab.kube, arena.blue, { run: "test", cordon: true });
};

const drain = (run: string): Promise<DrainOutcome> =>
  drainNodes(
    { kube: lab.kube, now: Date.now, log: line => lines.push(line) },
    { run, nodes: arena.blue, deadlineSeconds: 120 },
    new AbortController().signal,
  );

const startChild = (run: string): string[] => {
  const said: string[] = [];
  const request = JSON.stringify({ run, nodes: arena.blue, deadlineSeconds: 120 });
  const { command, args } = ownEntry(join(__dirname, "drainChild"));
  child = spawn(command, [...args, lab.kubeconfig, request], { cwd: ROOT });
  child.stdout?.on("data", data => said.push(...String(data).trim().split("\n")));
  child.stderr?.on("data", data => said.push(String(data)));
  return said;
};

const movedSome = (said: readonly string[]): Promise<string> =>
  until(`a first move in ${JSON.stringify(said)}`, () => said.find(line => /^moved [1-9]/.test(line)));

it("goes on after kill -9 from the cluster alone, waiting for no dead holder, and no pod moves twice", async () => {
  await openTight("killed");
  const monitor = await startMonitor(arena);
  await movedSome(startChild("first"));
  child?.kill("SIGKILL");
  await until("the child's end", () => child?.signalCode ?? undefined);
  const left = (await podsOf(arena)).filter(pod => pod.node?.includes("blue") === true);
  expect(left.length).toBeGreaterThan(0);
  const started = Date.now();
  const outcome = await drain("second");
  monitor.stop();
  expect(outcome).toMatchObject({ kind: "drained", remaining: 0 });
  expect(Date.now() - started).toBeLessThan(28_000);
  expect(["web", "plain"].map(monitor.births)).toEqual([12, 12]);
  expect(monitor.lowest("web")).toBeGreaterThanOrEqual(5);
  expect(monitor.lowest("plain")).toBeGreaterThanOrEqual(5);
});

it("lets a second run wait for the first, which it names, and then finds nothing left to do", async () => {
  await openTight("both");
  const said = startChild("first");
  await movedSome(said);
  const second = await drain("second");
  expect(second).toMatchObject({ kind: "drained", moved: 0, remaining: 0 });
  expect(lines[0]).toMatch(/^waiting: the cluster's lease is held by first, last sign of life \d+ s ago/);
  expect(said.find(line => line.startsWith("outcome"))).toMatch(/"kind":"drained"/);
});

it("#100 stops at once when another takes the lease", async () => {
  await openTight("robbed");
  const running = drain("first");
  await movedSome(lines);
  const record = await readLease(lab.kube, LEASE);
  await lab.kube.request({
    method: "PATCH",
    path: leasePath(LEASE),
    body: { spec: { holderIdentity: "robber", leaseTransitions: (record?.transitions ?? 0) + 1 } },
  });
  const outcome = await running;
  expect(outcome.kind).toBe("lostLease");
  expect(outcome.remaining).toBeGreaterThan(0);
  await lab.kube.request({ method: "DELETE", path: leasePath(LEASE) });
});
