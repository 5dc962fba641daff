import { aksIds } from "../../../../components/clouds/aks/recognise";
import { eksIds } from "../../../../components/clouds/eks/recognise";
import { gkeIds } from "../../../../components/clouds/gke/recognise";
import { planRecovery } from "../../../../core/recover/pending";

const urn = (type: string, name: string): string =>
  `urn:pulumi:prod::shop::changeover:index:Cluster$${type}::${name}`;
const pending = (type: string, name: string, inputs: object) => ({
  type: "creating",
  resource: { urn: urn(type, name), type, inputs: { ...inputs } },
});
const GROUP = "aws:eks/nodeGroup:NodeGroup";
const POOL = "gcp:container/nodePool:NodePool";
const plan = (...pending_operations: readonly ReturnType<typeof pending>[]) =>
  planRecovery({ deployment: { pending_operations } }, { ...eksIds, ...gkeIds });

describe("what a killed run left", () => {
  it("is nothing where nothing is pending", () => {
    expect(planRecovery({ deployment: {} }, eksIds)).toMatchObject({ looked: [], dropped: [], problems: [] });
  });

  it("is looked for at the cloud under the id its provider would have given it", () => {
    const inputs = { project: "p", location: "europe-west1", cluster: "eu", name: "green" };
    const { looked, problems } = plan(
      pending(GROUP, "green", { clusterName: "eu", nodeGroupName: "green" }),
      pending(POOL, "green", inputs),
    );
    expect(problems).toEqual([]);
    expect(looked).toEqual([
      { urn: urn(GROUP, "green"), id: "eu:green" },
      {
        urn: urn(POOL, "green"),
        id: "projects/p/locations/europe-west1/clusters/eu/nodePools/green",
      },
    ]);
  });

  it("is in state from then on, and pending no more", () => {
    const green = pending(GROUP, "green", { clusterName: "eu", nodeGroupName: "green" });
    const { deployment } = plan(green).stack;
    expect(deployment.resources).toEqual([
      { ...green.resource, id: "eu:green", outputs: green.resource.inputs },
    ]);
    expect(deployment.pending_operations).toEqual([]);
  });

  it("is dropped where it is nowhere but in state: gates, components, providers", () => {
    const types = [
      "pulumi-nodejs:dynamic/changeover:Migration",
      "changeover:index:Generation",
      "pulumi:providers:aws",
    ];
    expect(plan(...types.map(type => pending(type, "one", {}))).dropped).toHaveLength(types.length);
  });

  it("is found on AKS under the subscription that config names", () => {
    const type = "azure-native:containerservice:AgentPool";
    const inputs = { resourceGroupName: "rg", resourceName: "eu", agentPoolName: "wor1" };
    const { looked } = planRecovery(
      { deployment: { pending_operations: [pending(type, "green", inputs)] } },
      aksIds("0000"),
    );
    expect(looked[0]?.id).toBe(
      "/subscriptions/0000/resourceGroups/rg/providers/Microsoft.ContainerService/managedClusters/eu/agentPools/wor1",
    );
  });

  it("is run again where it is a machine's command of ours, and refused where it is anybody else's", () => {
    const type = "command:remote:Command";
    const foreign = {
      ...pending(type, "theirs", {}),
      resource: { urn: `urn:pulumi:prod::shop::${type}::theirs`, type },
    };
    const { dropped, problems } = plan(pending(type, "w1", {}), {
      ...pending(type, "w1", {}),
      ...foreign,
    } as ReturnType<typeof pending>);
    expect(dropped).toEqual([urn(type, "w1")]);
    expect(problems).toMatchObject([{ code: "Recover.UnknownType", path: foreign.resource.urn }]);
  });

  it("is refused, each by its URN, where nobody here knows its id", () => {
    const { problems } = plan(pending("aws:s3/bucket:Bucket", "logs", {}));
    expect(problems).toMatchObject([
      { code: "Recover.UnknownType", path: urn("aws:s3/bucket:Bucket", "logs") },
    ]);
  });

  it("leaves alone what was being changed or deleted: a refresh reads it", () => {
    const deleting = { ...pending(GROUP, "blue", {}), type: "deleting" };
    const { looked, dropped, problems, stack } = plan(deleting);
    expect([...looked, ...dropped, ...problems]).toEqual([]);
    expect(stack.deployment.pending_operations).toEqual([deleting]);
  });
});
