import { type Arena, openArena, openGreen, podsOf, untilReady } from "../arena";
import { blockedBy, drain } from "./benchDrain";
import { putBudget, putController, putPod, untilBudget, untilPod } from "./benchPods";
import { useSites } from "./benchSites";
import { isEviction, tap } from "./benchTap";
import { clusterObjectPath, collectionPath, KINDS, type KubeClient } from "../../../../kube";
import { SIMULATE } from "../../../../lab/simulator/annotations";

const { both } = useSites("tiers");

const CRITICAL = { priorityClassName: "system-cluster-critical" };
const FORCE = { rules: { force: true } };

const namesOnBlue = async (arena: Arena): Promise<readonly string[]> =>
  (await podsOf(arena)).filter(({ node = "" }) => arena.blue.includes(node)).map(({ name }) => name);

both(
  "#20 #52 what the cluster itself needs goes when every other pod is gone from every node",
  async site => {
    const arena = await openGreen(await openArena(site.kube, "order", 2), 1);
    const [first, second] = arena.blue;
    const slow = { [SIMULATE.stopDelay]: "1500ms" };
    await Promise.all([
      putPod(arena, { name: "dns", node: first, spec: CRITICAL }),
      putPod(arena, { name: "proxy", node: second, spec: CRITICAL }),
      putPod(arena, { name: "web", node: first }),
      putPod(arena, { name: "slow", node: second, annotations: slow }),
    ]);
    await untilReady(arena, 4);
    const present: (readonly string[])[] = [];
    const { kube, evictions } = tap(site.kube, {
      before: async call => {
        if (isEviction(call) && /dns|proxy/.test(call.path)) present.push(await namesOnBlue(arena));
      },
    });
    expect(await drain(arena, FORCE, { kube })).toMatchObject({ kind: "drained", moved: 4 });
    expect(
      evictions()
        .map(({ pod }) => pod)
        .slice(0, 2)
        .sort(),
    ).toEqual(["slow", "web"]);
    expect([...(present[0] ?? [])].sort()).toEqual(["dns", "proxy"]);
  },
);

const putClass = async (kube: KubeClient, name: string, value: number): Promise<void> => {
  await kube.request({
    method: "POST",
    path: collectionPath(KINDS.priorityClasses),
    body: { metadata: { name }, value },
  });
  expect(
    await kube.request({ method: "GET", path: clusterObjectPath(KINDS.priorityClasses, name) }),
  ).toMatchObject({ value });
};

both("#53 each pod has its own grace, whatever its priority, lowest and highest too", async site => {
  const arena = await openGreen(await openArena(site.kube, "grace", 1), 1);
  const [node] = arena.blue;
  await putClass(site.kube, "lowest", -2_147_483_648);
  await putClass(site.kube, "highest", 1_000_000_000);
  const patient = { [SIMULATE.stopDelay]: "3s" };
  const graces = { lowest: 7, highest: 11, plain: 13 };
  for (const [name, graceSeconds] of Object.entries(graces)) {
    const spec = name === "plain" ? {} : { priorityClassName: name };
    await putPod(arena, { name, node, graceSeconds, annotations: patient, spec });
  }
  await untilReady(arena, 3);
  const { kube, bodies } = tap(site.kube);
  const running = drain(arena, FORCE, { kube });
  const given = await Promise.all(
    Object.keys(graces).map(async name => {
      const pod = await untilPod(arena, name, ({ deletionTimestamp }) => deletionTimestamp !== undefined);
      return [name, pod.deletionGracePeriodSeconds];
    }),
  );
  expect(Object.fromEntries(given)).toEqual(graces);
  expect(await running).toMatchObject({ kind: "drained" });
  expect(bodies().map(body => JSON.stringify(body))).not.toContainEqual(
    expect.stringContaining("gracePeriod"),
  );
});

both("#54 a tier that is stuck for good does not hold up the next one, and nothing is forced", async site => {
  const blue = await openArena(site.kube, "stuck", 1);
  await putController(blue, { kind: "deployments", name: "frozen" });
  await putBudget(blue, "frozen", { maxUnavailable: 0 });
  await putPod(blue, { name: "dns", node: blue.blue[0], spec: CRITICAL });
  await untilReady(blue, 2);
  await untilBudget(blue, "frozen", ({ healthy }) => healthy === 1);
  const arena = await openGreen(blue, 1);
  const { kube, evictions } = tap(site.kube);
  const outcome = await drain(arena, FORCE, { kube });
  expect(blockedBy(outcome)).toEqual({ BLOCKED_BY_SPEC: [expect.stringMatching(/^frozen-/)] });
  expect(evictions().map(({ pod }) => pod)).toEqual(["dns"]);
});
