import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RunOptions } from "../../../controlplane";
import { waitFor } from "../../../controlplane/wait";
import { evictionPath, openKube, podPath, type KubeClient } from "../../../kube";
import { destroyLab, ensureLab, labStatus } from "../../../lab";
import type { AuditLine } from "../../../lab/auditor/format";
import { readAudit, startAudit, type RunningAudit } from "../../../lab/demo/audit";
import { SIMULATED } from "../../../lab/simulator/annotations";
import { applyDeployment, podsOf, untilReady } from "../../support/workloads";

/** What proves an auditor is that it finds what is wrong: each fault here is done to a real cluster, on purpose. */
const LAB = "auditor";
const root = mkdtempSync(join(tmpdir(), "changeover-auditor-"));
const options: RunOptions = { progress: () => undefined, signal: new AbortController().signal };
let kubeconfig = "";
let kube: KubeClient;
let journal = "";
let audit: RunningAudit;
let audits = 0;

const nodeBody = (name: string): object => {
  const capacity = { cpu: "16", memory: "64Gi", pods: "110" };
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name, labels: { [SIMULATED]: "true" } },
    status: { capacity, allocatable: capacity, nodeInfo: { kubeletVersion: "v1.35.8" } },
  };
};

const heard = (wanted: (line: AuditLine) => boolean): Promise<AuditLine> =>
  waitFor(
    async () => (await readAudit(journal)).find(wanted),
    { signal: options.signal, deadlineMs: 30_000 },
    () => ({ code: "Test.NotHeard", path: journal, message: String(wanted), fix: "read the journal" }),
  );

const web = { name: "web", replicas: 4, maxUnavailable: 1 };
const shopPod = (name: string) => ({ namespace: "default", name });
const erase = (name: string): Promise<unknown> =>
  kube.request({ method: "DELETE", path: podPath(shopPod(name)), body: { gracePeriodSeconds: 0 } });
const evict = (name: string): Promise<unknown> => {
  const body = { apiVersion: "policy/v1", kind: "Eviction", metadata: shopPod(name) };
  return kube.request({ method: "POST", path: evictionPath(shopPod(name)), body });
};
const cordon = (node: string, unschedulable: boolean): Promise<unknown> =>
  kube.request({ method: "PATCH", path: `/api/v1/nodes/${node}`, body: { spec: { unschedulable } } });
const gone = (pod: string): Promise<AuditLine> =>
  heard(line => line.kind === "pod" && line.change === "gone" && line.pod === `default/${pod}`);

beforeAll(async () => {
  process.env["CHANGEOVER_LABS"] = root;
  kubeconfig = (await ensureLab({ name: LAB, version: "1.35.8" }, options)).kubeconfig ?? "";
  kube = await openKube({ kubeconfig });
  for (const name of ["node-1", "node-2"]) {
    await kube.request({ method: "POST", path: "/api/v1/nodes", body: nodeBody(name) });
  }
  await applyDeployment(kube, web);
});

beforeEach(async () => {
  for (const node of ["node-1", "node-2"]) await cordon(node, false);
  await untilReady(kube, web.name, web.replicas);
  journal = join(root, `audit-${++audits}.jsonl`);
  audit = await startAudit({ kubeconfig, out: journal, signal: options.signal });
});

afterEach(() => audit.abandon());

afterAll(async () => {
  // Absent when the lab did not come up.
  await (kube as KubeClient | undefined)?.close();
  await destroyLab(LAB, options);
  rmSync(root, { recursive: true, force: true });
  delete process.env["CHANGEOVER_LABS"];
});

it("finds nothing in a move that keeps to the rules, and leaves nothing behind", async () => {
  const [first] = await podsOf(kube, web.name);
  await cordon(first?.node ?? "", true);
  await evict(first?.name ?? "");
  await gone(first?.name ?? "");
  await untilReady(kube, web.name, web.replicas);
  const { summary } = await audit.stop();
  expect(summary).toMatchObject({
    clean: true,
    moved: 1,
    violations: [],
    doubleMoves: [],
    wrongEvictions: [],
  });
  expect(summary.subjects).toEqual([
    expect.objectContaining({ title: "Deployment web", floor: 3, lowestReady: 3, evicted: 1, wasMet: true }),
  ]);
  const { items } = await kube.request<{
    items: { metadata: { name: string; deletionTimestamp?: string } }[];
  }>({
    method: "GET",
    path: "/api/v1/namespaces",
  });
  const left = items
    .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
    .map(one => one.metadata.name);
  expect(left.filter(name => name.startsWith("changeover-audit"))).toEqual([]);
});

it("finds a floor broken when two pods of a budget of one are deleted at once", async () => {
  const [first, second] = await podsOf(kube, web.name);
  await Promise.all([erase(first?.name ?? ""), erase(second?.name ?? "")]);
  await heard(line => line.kind === "violation" && line.state === "closed");
  const { summary } = await audit.stop();
  expect(summary.clean).toBe(false);
  expect(summary.violations).toEqual([
    expect.objectContaining({
      subject: "budget default/web",
      floor: 3,
      lowest: 2,
      until: expect.any(Number) as number,
    }),
  ]);
  expect(summary.violations[0]?.falls.map(fall => fall.cause)).toEqual(["deleted"]);
});

it("finds a double move when a replacement is evicted again, and both evictions wrong from nodes that nobody leaves", async () => {
  const before = await podsOf(kube, web.name);
  await evict(before[0]?.name ?? "");
  await gone(before[0]?.name ?? "");
  const after = await untilReady(kube, web.name, web.replicas);
  const replacement = after.find(pod => before.every(one => one.uid !== pod.uid));
  await heard(
    line =>
      line.kind === "pod" && line.change === "ready" && line.pod === `default/${replacement?.name ?? ""}`,
  );
  await evict(replacement?.name ?? "");
  await heard(line => line.kind === "doubleMove");
  const { summary } = await audit.stop();
  expect(summary.doubleMoves).toEqual([
    expect.objectContaining({ workload: "default/Deployment/web", causes: ["evicted", "evicted"] }),
  ]);
  expect(summary.wrongEvictions.map(one => one.why)).toEqual(["nodeNotLeaving", "nodeNotLeaving"]);
});

it("finds a node that is deleted under its pods", async () => {
  const name = (await podsOf(kube, web.name))[0]?.node ?? "";
  await kube.request({ method: "DELETE", path: `/api/v1/nodes/${name}` });
  await heard(line => line.kind === "nodeLoss" && line.nodeLoss.node === name);
  await kube.request({ method: "POST", path: "/api/v1/nodes", body: nodeBody(name) });
  expect((await audit.stop()).summary).toMatchObject({ clean: false, nodeLosses: [{ node: name }] });
});

it("counts each failed request while no API server answers, outlives that, and says how long it saw nothing", async () => {
  const servers = labStatus(LAB).processes.filter(
    ({ role, alive }) => alive && role.startsWith("kube-apiserver"),
  );
  servers.forEach(({ pid }) => pid !== undefined && process.kill(pid, "SIGKILL"));
  await heard(line => line.kind === "failedRequest");
  await ensureLab({ name: LAB, version: "1.35.8" }, options);
  await heard(line => line.kind === "gap" && line.gap.resource === "pods");
  const { summary } = await audit.stop();
  expect(servers).toHaveLength(2);
  expect(summary.clean).toBe(false);
  expect(summary.requests.failed).toBeGreaterThan(5);
  expect(summary.requests.failed).toBe(summary.failedRequests.length);
  expect(new Set(summary.gaps.map(gap => gap.resource))).toContain("pods");
});

it("ends by itself, with its verdict, when a stop file appears", async () => {
  writeFileSync(`${journal}.stop`, "");
  await heard(line => line.kind === "summary");
  expect((await audit.stop()).summary.clean).toBe(true);
  expect(existsSync(`${journal}.stop`)).toBe(false);
});
