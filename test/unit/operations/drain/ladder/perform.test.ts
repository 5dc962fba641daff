import { DELETION_COST, LADDER_ANNOTATION, LADDER_LABEL } from "../../../../../core/drain/ladder/names";
import type { PodRef } from "../../../../../core/drain/ladder/situation";
import type { KubeCall, KubeClient } from "../../../../../kube";
import { lastForced } from "../../../../../operations/drain/ladder/forced";
import { perform } from "../../../../../operations/drain/ladder/perform";
import { markPods, unmarkPods } from "../../../../../operations/drain/ladder/pods";
import { readTarget } from "../../../../../operations/drain/ladder/readTarget";
import { failed, scriptApi } from "../../../../support/scriptedApi";
import {
  CLAIMS,
  deployment,
  DEPLOYMENTS,
  HPAS,
  NODES,
  podAt,
  PODS,
  rawPod,
  type RawObject,
  serve,
  WEB,
} from "./server";

const ref = (name: string, uid = `uid-${name}`): PodRef => ({ uid, namespace: "shop", name, node: "blue-0" });
const node = (name: string): RawObject => ({ metadata: { name, uid: name }, spec: {}, status: {} });
const hands = (server: ReturnType<typeof serve>) => ({ kube: server.kube, run: "run-1", now: 1_000_000 });
const shop = (more: object = {}) =>
  serve({ [DEPLOYMENTS]: [deployment(3)], [HPAS]: [], [PODS]: [], ...more });

const read = async (server: ReturnType<typeof serve>) => {
  const target = await readTarget(server.kube, { namespace: "shop", name: "web" });
  if (target === undefined) throw new Error("the Deployment is there");
  return target;
};

describe("a surge is written", () => {
  const record = { run: "run-1", rung: "surge", baseline: 3, surge: 4, at: 1 } as const;

  it("with its record and the label that makes it count in the same write", async () => {
    const server = shop();
    const target = await read(server);
    await perform(hands(server), { kind: "surge", holder: { ...target, value: 3 }, record });
    expect(server.writes()).toEqual([`PATCH ${WEB}`]);
    expect(server.get(WEB)).toMatchObject({
      spec: { replicas: 4 },
      metadata: {
        annotations: { [LADDER_ANNOTATION.surge]: JSON.stringify(record) },
        labels: { [LADDER_LABEL.surgedAt]: "1" },
      },
    });
  });

  it("only over the state that it was decided by", async () => {
    const server = shop();
    const target = await read(server);
    server.put(WEB, deployment(9));
    const surge = perform(hands(server), { kind: "surge", holder: { ...target, value: 3 }, record });
    await expect(surge).rejects.toMatchObject({ kind: "conflict" });
    expect(server.get(WEB)).toMatchObject({ spec: { replicas: 9 } });
  });
});

it("a restart writes what kubectl writes, and our record of it", async () => {
  const server = shop();
  await perform(hands(server), { kind: "restart", target: await read(server), more: 1 });
  expect(server.get(WEB)).toMatchObject({
    metadata: { annotations: { [LADDER_ANNOTATION.restarted]: '{"run":"run-1","at":1000000}' } },
    spec: {
      replicas: 3,
      template: {
        metadata: { annotations: { "kubectl.kubernetes.io/restartedAt": "1970-01-01T00:16:40.000Z" } },
      },
    },
  });
});

describe("unhealthy pods", () => {
  it("are deleted by uid and by the state that was looked at, with a grace of at least a second", async () => {
    const server = shop({ [PODS]: [rawPod("a", { ready: false, grace: 0 })] });
    expect(await perform(hands(server), { kind: "deleteUnhealthy", pods: [ref("a")] })).toBe(true);
    expect(server.bodies("DELETE", "/pods/a")).toEqual([
      {
        ...{ apiVersion: "v1", kind: "DeleteOptions", gracePeriodSeconds: 1 },
        preconditions: { uid: "uid-a", resourceVersion: expect.any(String) as string },
      },
    ]);
  });

  it.each<[string, RawObject, PodRef]>([
    ["became Ready", rawPod("a"), ref("a")],
    ["have been replaced under the same name", rawPod("a", { ready: false }), ref("a", "uid-former")],
  ])("are left alone when they %s", async (_, pod, meant) => {
    const server = shop({ [PODS]: [pod] });
    expect(await perform(hands(server), { kind: "deleteUnhealthy", pods: [meant, ref("gone")] })).toBe(false);
    expect(server.writes()).toEqual([]);
  });
});

describe("a forced pod", () => {
  const force = (graceSeconds: number, budget = "pdb:shop/web") =>
    ({ kind: "force", pod: ref("a"), budget, graceSeconds, everySeconds: 300 }) as const;

  it("is on record on its node before it is deleted, for every later run", async () => {
    const server = shop({ [PODS]: [rawPod("a")], [NODES]: [node("blue-0"), node("blue-1")] });
    expect(await lastForced(server.kube, "pdb:shop/web")).toBeUndefined();
    expect(await perform(hands(server), force(30))).toBe(true);
    expect(server.writes()).toEqual(["PATCH /api/v1/nodes/blue-0", `DELETE ${podAt("a")}`]);
    expect(await lastForced(server.kube, "pdb:shop/web")).toBe(1_000_000);
    expect(await lastForced(server.kube, "pdb:shop/api")).toBeUndefined();
  });

  it.each([
    [0, 1],
    [0.2, 1],
    [30, 30],
  ])("#58 gets %d s as %d s", async (wish, seconds) => {
    const server = shop({ [PODS]: [rawPod("a")], [NODES]: [node("blue-0")] });
    await perform(hands(server), force(wish));
    expect(server.bodies("DELETE", "/pods/a")).toEqual([
      expect.objectContaining({ gracePeriodSeconds: seconds, preconditions: { uid: "uid-a" } }),
    ]);
  });

  it("is another one under the same name: it is left alone", async () => {
    const server = shop({
      [PODS]: [{ ...rawPod("a"), metadata: { ...rawPod("a").metadata, uid: "new" } }],
      [NODES]: [node("blue-0")],
    });
    expect(await perform(hands(server), force(30))).toBe(false);
    expect(server.get(podAt("a"))).toBeDefined();
  });

  it("reads over a record on a node that is none", async () => {
    const odd = {
      ...node("blue-0"),
      metadata: { name: "blue-0", uid: "x", annotations: { [LADDER_ANNOTATION.forced]: "soon" } },
    };
    expect(await lastForced(serve({ [NODES]: [odd] }).kube, "pdb:shop/web")).toBeUndefined();
  });
});

it("marks pods once, and gives each its own deletion cost back", async () => {
  const server = shop({ [PODS]: [rawPod("a"), rawPod("b", { annotations: { [DELETION_COST]: "5" } })] });
  const both = [ref("a"), ref("b"), ref("gone")];
  await markPods(server.kube, both);
  await markPods(server.kube, both);
  expect(server.writes()).toHaveLength(2);
  expect(server.get(podAt("b"))?.metadata.annotations).toEqual({
    [DELETION_COST]: "-1000",
    [LADDER_ANNOTATION.priorCost]: "5",
  });
  await unmarkPods(server.kube, both);
  expect(["a", "b"].map(name => server.get(podAt(name))?.metadata.annotations)).toEqual([
    {},
    { [DELETION_COST]: "5" },
  ]);
});

describe("a Deployment is read with", () => {
  it("the claims that one node at a time can hold, and those that nobody has seen", async () => {
    const claim = (name: string, mode: string): RawObject => ({
      metadata: { name, namespace: "shop", uid: name },
      spec: { accessModes: [mode] },
    });
    const volumes = ["mine", "ours", "unseen"].map(claimName => ({ persistentVolumeClaim: { claimName } }));
    const web = deployment(3);
    const server = shop({
      [DEPLOYMENTS]: [{ ...web, spec: { ...web.spec, template: { spec: { volumes } } } }],
      [CLAIMS]: [claim("mine", "ReadWriteOnce"), claim("ours", "ReadWriteMany")],
    });
    expect((await read(server)).exclusiveClaims).toEqual(["mine", "unseen"]);
  });

  it("the autoscalers that scale it, and who owns its fields", async () => {
    const hpa = (name: string, scaled: string): RawObject => ({
      metadata: { name, namespace: "shop", uid: name, managedFields: [{ manager: "argocd-controller" }] },
      spec: { maxReplicas: 9, scaleTargetRef: { kind: "Deployment", name: scaled } },
    });
    const { scalers, gitOps } = await read(shop({ [HPAS]: [hpa("one", "web"), hpa("two", "api")] }));
    expect(scalers).toMatchObject([{ name: "one", maximum: 9, gitOps: "Argo CD" }]);
    expect(gitOps).toBeUndefined();
  });

  it("nothing when it is gone, and never without its autoscalers", async () => {
    const target = { namespace: "shop", name: "api" };
    expect(await readTarget(shop().kube, target)).toBeUndefined();
    const server = serve({ [DEPLOYMENTS]: [deployment(3)] }, ({ path }) =>
      path.endsWith("autoscalers") ? failed(403, { reason: "Forbidden" }) : undefined,
    );
    await expect(read(server)).rejects.toMatchObject({ kind: "forbidden" });
  });

  it("without KEDA's objects where the server has none, even if it says that they are forbidden", async () => {
    const forbidden = failed(403, { reason: "Forbidden" });
    const isKeda = ({ path }: KubeCall): boolean => path.endsWith("scaledobjects");
    const without = shop();
    const refusing = (kube: KubeClient): KubeClient => ({
      ...kube,
      request: call => (isKeda(call) ? Promise.reject(forbidden) : kube.request(call)),
    });
    const web = { namespace: "shop", name: "web" };
    expect(await readTarget(refusing(without.kube), web)).toMatchObject({ scalers: [] });
    const served = scriptApi(({ path }) =>
      path === "/apis/keda.sh" ? {} : (without.get(path) ?? { items: [] }),
    );
    await expect(readTarget(refusing(served.kube), web)).rejects.toMatchObject({ kind: "forbidden" });
  });
});
