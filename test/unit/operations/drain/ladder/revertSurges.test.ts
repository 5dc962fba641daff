import { DELETION_COST, FIRST_TO_GO, LADDER_ANNOTATION } from "../../../../../core/drain/ladder/names";
import { revertSurges } from "../../../../../operations/drain/ladder";
import { failed } from "../../../../support/scriptedApi";
import { copyOf, surgedBy } from "../../../../support/surgeMarks";
import {
  deployment,
  DEPLOYMENTS,
  HPAS,
  KEDA,
  podAt,
  PODS,
  rawPod,
  type RawObject,
  serve,
  WEB,
} from "./server";

const RECORD = { run: "run-1", rung: "surge", baseline: 3, surge: 5, at: 0 };
const THEIRS = { theirs: "kept" };
const on = (record: object) => {
  const { annotations, labels } = surgedBy(record);
  return { annotations: { ...annotations, ...THEIRS }, labels: { ...labels, ...THEIRS } };
};

const revert = async (server: ReturnType<typeof serve>) => {
  const log: string[] = [];
  const lines = await revertSurges(server.kube, { log: line => log.push(line) });
  expect(log).toEqual(lines);
  return lines;
};

const hpa = (minReplicas: number, marks: object): RawObject => ({
  metadata: { name: "web", namespace: "shop", uid: "hpa-web", ...marks },
  spec: { minReplicas, maxReplicas: 10, scaleTargetRef: { kind: "Deployment", name: "web" } },
});

const base = { [HPAS]: [], [PODS]: [] };

it("gives a Deployment its number back, once, and keeps what others wrote on it", async () => {
  const server = serve({ ...base, [DEPLOYMENTS]: [deployment(5, on(RECORD))] });
  expect(await revert(server)).toEqual(["Deployment shop/web: back from 5 to 3"]);
  const { metadata, spec } = server.get(WEB) ?? {};
  expect([spec?.["replicas"], metadata?.annotations, metadata?.labels]).toEqual([3, THEIRS, THEIRS]);
  expect(await revert(server)).toEqual([]);
  expect(server.writes()).toHaveLength(1);
});

it("#96 leaves a number that somebody else has set", async () => {
  const server = serve({ ...base, [DEPLOYMENTS]: [deployment(8, on(RECORD))] });
  expect(await revert(server)).toEqual([
    "Deployment shop/web: somebody else set it to 8 (we had set 5): it stays so",
  ]);
  expect(server.get(WEB)).toMatchObject({ spec: { replicas: 8 } });
});

it.each([0, "three", null])("#97 never scales down to %p", async baseline => {
  const server = serve({ ...base, [DEPLOYMENTS]: [deployment(5, on({ ...RECORD, baseline }))] });
  await revert(server);
  expect(server.get(WEB)).toMatchObject({ spec: { replicas: 5 } });
  expect(server.get(WEB)?.metadata.annotations).toEqual({ theirs: "kept" });
});

it("#96 sees a number that somebody sets between its read and its write", async () => {
  let once = true;
  const server: ReturnType<typeof serve> = serve(
    { ...base, [DEPLOYMENTS]: [deployment(5, on(RECORD))] },
    ({ method, path }) => {
      if (method === "PATCH" && once) {
        once = false;
        server.put(path, deployment(9, on(RECORD)));
      }
      return undefined;
    },
  );
  expect(await revert(server)).toEqual([
    "Deployment shop/web: somebody else set it to 9 (we had set 5): it stays so",
  ]);
  expect(server.get(WEB)).toMatchObject({ spec: { replicas: 9 } });
});

it("#98 gives autoscalers their minimum back, also one that had none", async () => {
  const scaled: RawObject = {
    metadata: { name: "jobs", namespace: "shop", uid: "so", ...on({ ...RECORD, baseline: null }) },
    spec: { minReplicaCount: 5, scaleTargetRef: { name: "jobs" } },
  };
  const made = {
    ...hpa(5, {}),
    metadata: { ...hpa(5, {}).metadata, name: "keda-hpa-jobs", ownerReferences: [{ uid: "so" }] },
  };
  const server = serve({
    ...{ [DEPLOYMENTS]: [], [PODS]: [], [KEDA]: [scaled] },
    [HPAS]: [hpa(5, on(RECORD)), made],
  });
  expect(await revert(server)).toEqual([
    "ScaledObject shop/jobs: back from 5 to no number of its own",
    "HorizontalPodAutoscaler shop/web: back from 5 to 3",
  ]);
  expect(server.get("/apis/autoscaling/v2/namespaces/shop/horizontalpodautoscalers/web")?.spec).toMatchObject(
    { minReplicas: 3 },
  );
  expect(server.get("/apis/keda.sh/v1alpha1/namespaces/shop/scaledobjects/jobs")?.spec).toEqual({
    scaleTargetRef: { name: "jobs" },
  });
});

it("takes away a record that a rollback has brought back, and nothing else", async () => {
  const server = serve({ ...base, [DEPLOYMENTS]: [deployment(5, copyOf(RECORD))] });
  expect(await revert(server)).toEqual([]);
  expect(server.get(WEB)?.metadata.annotations).toEqual({});
  expect(server.get(WEB)).toMatchObject({ spec: { replicas: 5 } });
});

it("takes the record of a restart away, so that no later run has to look at it", async () => {
  const annotations = { ...THEIRS, [LADDER_ANNOTATION.restarted]: '{"run":"run-1","at":0}' };
  const server = serve({ ...base, [DEPLOYMENTS]: [deployment(3, { annotations })] });
  expect(await revert(server)).toEqual([]);
  expect(server.get(WEB)?.metadata.annotations).toEqual(THEIRS);
  await revert(server);
  expect(server.writes()).toHaveLength(1);
});

it("gives back what any run surged: under the lease all of them are over", async () => {
  const other = { ...deployment(5, on({ ...RECORD, run: "run-2" })) };
  const api: RawObject = { ...other, metadata: { ...other.metadata, name: "api", uid: "deploy-api" } };
  const server = serve({ ...base, [DEPLOYMENTS]: [deployment(5, on(RECORD)), api] });
  expect(await revert(server)).toEqual([
    "Deployment shop/api: back from 5 to 3",
    "Deployment shop/web: back from 5 to 3",
  ]);
});

it("#92 takes the marks of a surge-first off the pods before the number goes back", async () => {
  const marked = (prior: string, cost = FIRST_TO_GO) => ({
    [LADDER_ANNOTATION.priorCost]: prior,
    [DELETION_COST]: cost,
  });
  const wave = { phase: "up", blue: 2, green: 1, stalls: 0 };
  const server = serve({
    ...base,
    [DEPLOYMENTS]: [deployment(5, on({ ...RECORD, rung: "surge-first", wave }))],
    [PODS]: [
      rawPod("a", { annotations: marked("") }),
      rawPod("b", { annotations: marked("7") }),
      rawPod("c", { annotations: marked("7", "3") }),
      rawPod("d"),
    ],
  });
  await revert(server);
  const left = ["a", "b", "c", "d"].map(name => server.get(podAt(name))?.metadata.annotations);
  expect(left).toEqual([{}, { [DELETION_COST]: "7" }, { [DELETION_COST]: "3" }, {}]);
  expect(server.writes().at(-1)).toBe(`PATCH ${WEB}`);
});

it("does its work for who may not list autoscalers, and fails where Deployments cannot be read", async () => {
  const refusing = (end: string) => (call: { path: string }) =>
    call.path.endsWith(end) ? failed(403, { reason: "Forbidden" }) : undefined;
  const objects = { ...base, [DEPLOYMENTS]: [deployment(5, on(RECORD))] };
  expect(await revert(serve(objects, refusing("/horizontalpodautoscalers")))).toHaveLength(1);
  await expect(revert(serve(objects, refusing("/deployments")))).rejects.toThrow("403");
});
