import { runExplainCommand } from "../../../../operations/drain/commandExplain";
import { failed, type Script, scriptApi } from "../../../support/scriptedApi";

const node = (name: string) => ({
  metadata: { name, uid: name, labels: {} },
  status: {
    conditions: [{ type: "Ready", status: "True" }],
    allocatable: { cpu: "4", memory: "8Gi", pods: "110" },
  },
});

const pod = (name: string, on: string | undefined, owner: object | undefined) => ({
  metadata: {
    name,
    namespace: "shop",
    uid: name,
    labels: { app: "web" },
    ...(owner === undefined ? {} : { ownerReferences: [owner] }),
  },
  spec: { ...(on === undefined ? {} : { nodeName: on }), containers: [] },
  status: { phase: "Running", conditions: [{ type: "Ready", status: "True" }] },
});

const WEB = { apiVersion: "apps/v1", kind: "ReplicaSet", name: "web", uid: "rs", controller: true };

const LISTS: Readonly<Record<string, readonly object[]>> = {
  "/api/v1/nodes": [node("blue-1"), node("blue-2"), node("green-1")],
  "/api/v1/pods": [
    pod("web-1", "blue-1", WEB),
    pod("solo", "blue-1", undefined),
    pod("late", undefined, WEB),
  ],
  "/apis/apps/v1/replicasets": [
    { metadata: { name: "web", namespace: "shop", uid: "rs" }, spec: { replicas: 2 }, status: {} },
  ],
};

const cluster: Script = ({ method, path }) => (method === "GET" ? { items: LISTS[path] ?? [] } : undefined);

const RULES = { force: false, deleteEmptyDirData: false };

const explain = (subject: string, script = cluster) => {
  const api = scriptApi(script);
  return { api, told: runExplainCommand(api.kube, { subject, rules: RULES }) };
};

it.each(["shop/web-1", "web-1", "pod/shop/web-1", "pods/web-1"])("finds the pod by %s", async subject => {
  const { api, told } = explain(subject);
  expect(await told).toMatchObject({
    pods: [{ pod: "shop/web-1", node: "blue-1", verdict: { kind: "move" }, budget: { code: "NONE" } }],
    capacity: { verdict: expect.stringMatching(/FITS|UNPROVEN/) as string },
  });
  expect(api.writes()).toEqual([]);
});

it("explains each pod of a node", async () => {
  const { pods } = await explain("node/blue-1").told;
  expect(pods.map(({ pod: name, verdict }) => [name, verdict.kind])).toEqual([
    ["shop/solo", "block"],
    ["shop/web-1", "move"],
  ]);
});

it("has nothing to say of a node that is empty, and of no room for a pod that is nowhere", async () => {
  expect(await explain("blue-2").told).toMatchObject({ subject: "blue-2", pods: [] });
  expect(await explain("shop/late").told).not.toHaveProperty("capacity");
});

it("refuses a name that nothing bears", async () => {
  await expect(explain("node/nope").told).rejects.toThrow(/Drain.NothingToExplain at nope/);
});

it("says what is wrong with the connection", async () => {
  await expect(explain("web-1", () => failed(401)).told).rejects.toThrow(/Drain.CredentialsRefused/);
});
