import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import { type Problem, ProblemError } from "../../../../core/problem";
import { ensureNamespace, isKubeError, type KubeClient, nodePath } from "../../../../kube";
import { fenceNodes, openFence } from "../../../../operations/drain/fence";
import { type Arena, nodeState, openArena, openGreen, podsOf, until, untilReady } from "../arena";
import { command, drain } from "./benchDrain";
import { putController, putPod, readPod, untilPod } from "./benchPods";
import { firstHalf } from "./benchSites";
import { tap } from "./benchTap";
import { createRole, openAs } from "./benchUsers";

const { both } = firstHalf();

const statesOf = (arena: Arena): Promise<readonly object[]> =>
  Promise.all(arena.blue.map(node => nodeState(arena.kube, node)));

both("#1 a node that does not exist: the command is refused, and a fence closes the others", async site => {
  const arena = await openArena(site.kube, "missing", 1);
  const before = await statesOf(arena);
  const names = [...arena.blue, "no-such-node"];
  const result = await command(arena, { nodes: { names } });
  const findings = result.kind === "refused" ? (result.plan?.findings ?? []) : [];
  expect(findings).toContainEqual(
    expect.objectContaining({ code: "NODE_NOT_FOUND", severity: "fatal", subjects: ["no-such-node"] }),
  );
  expect(await statesOf(arena)).toEqual(before);
  expect(await fenceNodes(site.kube, names, { run: "one", cordon: true })).toEqual({
    changed: arena.blue,
    same: [],
    gone: ["no-such-node"],
  });
});

both("#2 a node that is cordoned already, or open already, is not written to", async site => {
  const arena = await openArena(site.kube, "twice", 1);
  const { kube, writes } = tap(site.kube);
  const fence = () => fenceNodes(kube, arena.blue, { run: "one", cordon: true });
  const open = () => openFence(kube, arena.blue);
  for (const act of [fence, open]) {
    expect((await act()).changed).toEqual(arena.blue);
    // One, or more where the node was written by its kubelet in between.
    const written = writes().length;
    expect((await act()).same).toEqual(arena.blue);
    expect(writes()).toHaveLength(written);
  }
});

const POLICIES = "/apis/admissionregistration.k8s.io/v1";

/** From now on the API server refuses to cordon this node. */
const refuseCordon = async (kube: KubeClient, node: string): Promise<void> => {
  const name = `refuse-${node}`;
  const expression = `object.metadata.name != '${node}' || !has(object.spec.unschedulable) || !object.spec.unschedulable`;
  const rule = { apiGroups: [""], apiVersions: ["v1"], operations: ["UPDATE"], resources: ["nodes"] };
  const spec = {
    failurePolicy: "Fail",
    matchConstraints: { resourceRules: [rule] },
    validations: [{ expression, message: "a fault of the test" }],
  };
  const binding = { policyName: name, validationActions: ["Deny"] };
  await kube.request({
    method: "POST",
    path: `${POLICIES}/validatingadmissionpolicies`,
    body: { metadata: { name }, spec },
  });
  await kube.request({
    method: "POST",
    path: `${POLICIES}/validatingadmissionpolicybindings`,
    body: { metadata: { name }, spec: binding },
  });
  let refused = 0;
  // There are two API servers, and each learns of it in its own time.
  await until(`${node} to be refused`, async () => {
    refused = (await mayCordon(kube, node)) ? 0 : refused + 1;
    return refused > 20 ? true : undefined;
  });
};

const mayCordon = async (kube: KubeClient, node: string): Promise<boolean> => {
  const body = { spec: { unschedulable: true } };
  try {
    await kube.request({ method: "PATCH", path: nodePath(node), query: { dryRun: "All" }, body });
    return true;
  } catch (error) {
    if (isKubeError(error, "invalid", "forbidden")) return false;
    throw error;
  }
};

both(
  "#3 #4 one cordon of several fails: it is named, that node has nothing of it, the others are as before",
  async site => {
    const arena = await openGreen(await openArena(site.kube, "refused", 3), 1);
    const [, second = ""] = arena.blue;
    await refuseCordon(site.kube, second);
    await putPod(arena, { name: "stays", node: second });
    await untilPod(arena, "stays");
    const before = await statesOf(arena);
    const { kube, evictions } = tap(site.kube);
    const rules = { force: true, deleteEmptyDirData: false };
    const failure: unknown = await command(arena, { rules }, { kube }).catch((error: unknown) => error);
    const problems: readonly Problem[] = failure instanceof ProblemError ? failure.problems : [];
    expect(problems.map(({ code, path }) => [code, path])).toEqual([["Fence.Failed", `nodes/${second}`]]);
    expect(await statesOf(arena)).toEqual(before);
    expect(evictions()).toEqual([]);
  },
);

both("#16 an empty node: success as soon as no pod can be on its way to it any more", async site => {
  const arena = await openGreen(await openArena(site.kube, "empty", 1), 1);
  const { kube, evictions } = tap(site.kube);
  const outcome = await drain(arena, {}, { kube });
  expect(outcome).toMatchObject({ kind: "drained", moved: 0, nodes: { empty: 1, total: 1 } });
  expect(evictions()).toEqual([]);
});

interface Role {
  readonly kind: string;
  readonly rules?: readonly {
    readonly resources?: readonly string[];
    readonly resourceNames?: readonly string[];
    readonly verbs: readonly string[];
  }[];
}

/** All that a drain needs, but not to list pods. */
const rulesWithoutPods = (): readonly object[] =>
  parseAllDocuments(readFileSync(join(__dirname, "../../../../docs/reference/drain-rbac.yaml"), "utf8"))
    .map(document => document.toJS() as Role)
    .flatMap(({ rules = [] }) => rules)
    .map(({ verbs, resourceNames: _, ...rule }) => ({
      ...rule,
      verbs: rule.resources?.includes("pods") === true ? verbs.filter(verb => verb !== "list") : verbs,
    }));

both(
  "#17 pods that may not be listed: refused with the missing right, and nothing is touched",
  async site => {
    const arena = await openGreen(await openArena(site.kube, "blind", 1), 1);
    await createRole(site.kube, "without-pods", rulesWithoutPods());
    await ensureNamespace(site.kube, "blind-system");
    await putPod(arena, { name: "unseen", node: arena.blue[0] });
    const before = await statesOf(arena);
    const blind = await openAs(site, "blind-user", "without-pods");
    const { kube, writes } = tap(blind);
    const result = await command(arena, {}, { kube });
    await blind.close();
    expect(result).toMatchObject({
      kind: "refused",
      reached: true,
      problems: [{ code: "Drain.Forbidden", path: "pods" }],
    });
    expect(writes()).toEqual([]);
    expect(await statesOf(arena)).toEqual(before);
    expect(await readPod(arena, "unseen")).toMatchObject({ deletionTimestamp: undefined });
  },
);

both("#25 a server dry run asks for one eviction of each workload and removes nothing", async site => {
  const blue = await openArena(site.kube, "dry", 1);
  await putController(blue, { kind: "deployments", name: "web", replicas: 3 });
  await untilReady(blue, 3);
  const arena = await openGreen(blue, 1);
  const before = [await statesOf(arena), (await podsOf(arena)).map(({ uid }) => uid).sort()];
  const { kube, writes } = tap(site.kube);
  const result = await command(arena, { dryRun: "server" }, { kube });
  expect(result).toMatchObject({ kind: "planned", trials: [{ verdict: "now" }] });
  expect(writes()).toEqual([]);
  expect([await statesOf(arena), (await podsOf(arena)).map(({ uid }) => uid).sort()]).toEqual(before);
});
