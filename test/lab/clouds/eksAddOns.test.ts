import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  CreateAddonCommand,
  CreateNodegroupCommand,
  DeleteAddonCommand,
  DescribeAddonCommand,
  DescribeAddonVersionsCommand,
  EKSClient,
  UpdateAddonCommand,
} from "@aws-sdk/client-eks";
import { type AddOnsSpec, connectionOf, parseStack } from "../../../core/config";
import { isKubeError, type KubeClient, openKube } from "../../../kube";
import { labKubeconfig } from "../../../lab";
import { type StandInAws, startStandInAws } from "../../../lab/clouds/aws";
import { standInEnvironment } from "../../../lab/clouds/aws/environment";
import { clusterKind } from "../../../lab/clouds/aws/plugin/cluster";
import { Fault } from "../../../lab/clouds/fault";
import type { WantedAtCloud } from "../../../operations/ports";
import { eksCluster, eksWorkers } from "../../support/eksStack";
import { openLiveProcess } from "../../support/liveProcess";
import { eventually, useTemporaryLabs } from "../../support/temporaryLabs";

useTemporaryLabs();
jest.setTimeout(600_000);

const NAME = "add-ons";
const CNI_OLD = "v1.19.6-eksbuild.7";
const CNI_MIDDLE = "v1.20.4-eksbuild.2";
const CNI_NEW = "v1.21.1-eksbuild.1";

const parsed = parseStack({
  cluster: eksCluster(NAME, "1.36"),
  backup: { kind: "none" },
  pools: { workers: eksWorkers("1.36.4-20261105") },
});
if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
const { cluster, pools } = parsed.value;
const connection = connectionOf(cluster);

interface Workload {
  readonly metadata: { readonly managedFields: readonly { readonly manager: string }[] };
  readonly spec: {
    readonly template: { readonly spec: { readonly containers: readonly { readonly image: string }[] } };
  };
}

describe("add-ons of the stand-in for AWS, a control plane at 1.35 behind it", () => {
  let aws: StandInAws;
  let sdk: EKSClient;
  let kube: KubeClient;
  let child: ReturnType<typeof openLiveProcess>;

  beforeAll(async () => {
    const folder = mkdtempSync(join(tmpdir(), "changeover-add-ons-"));
    aws = await startStandInAws({ folder, region: "eu-west-1" });
    const credentials = { accessKeyId: "STANDIN", secretAccessKey: "stand-in" };
    sdk = new EKSClient({ endpoint: aws.endpoint, region: aws.region, credentials });
    await clusterKind(sdk).create({
      ...{ name: NAME, version: "1.35", roleArn: cluster.eks?.roleArn },
      vpcConfig: { subnetIds: Object.values(cluster.eks?.subnets ?? {}) },
      bootstrapSelfManagedAddons: false,
    });
    kube = await openKube({ kubeconfig: labKubeconfig(NAME) ?? "" });
    child = openLiveProcess("eks", standInEnvironment(aws, folder, process.env["PATH"] ?? ""));
  });

  afterAll(async () => {
    child.close();
    await kube.close();
    await aws.close();
  });

  const create = (addonName: string, addonVersion: string, more: object = {}) =>
    sdk.send(new CreateAddonCommand({ clusterName: NAME, addonName, addonVersion, ...more }));
  const describeAddOn = async (addonName: string) =>
    (await sdk.send(new DescribeAddonCommand({ clusterName: NAME, addonName }))).addon;
  const untilStatus = (addonName: string, status: string) =>
    eventually(`${addonName} ${status}`, async () => {
      const found = await describeAddOn(addonName);
      return found?.status === status ? found : undefined;
    });
  const path = (kind: string, name: string): string => `/apis/apps/v1/namespaces/kube-system/${kind}/${name}`;
  const daemonSet = (name: string) =>
    kube.request<Workload>({ method: "GET", path: path("daemonsets", name) });
  const imageOf = async (name: string) => (await daemonSet(name)).spec.template.spec.containers[0]?.image;

  /** As Helm does it: another owner of the same fields. */
  const installByHelm = (name: string, container: string, version: string): Promise<unknown> =>
    kube.request({
      method: "PATCH",
      patch: "apply",
      path: path("daemonsets", name),
      query: { fieldManager: "helm", force: true },
      body: {
        apiVersion: "apps/v1",
        kind: "DaemonSet",
        metadata: { name, annotations: { "meta.helm.sh/release-name": "cni" } },
        spec: {
          selector: { matchLabels: { "k8s-app": name } },
          template: {
            metadata: { labels: { "k8s-app": name } },
            spec: { containers: [{ name: container, image: `registry.example/${container}:${version}` }] },
          },
        },
      },
    });

  const ask = async (addOns: AddOnsSpec, version = "1.36", live = "1.35.8") => {
    const wanted: WantedAtCloud = {
      ...{ connection, pools, toCome: [], live, addOns },
      cluster: { ...cluster, version },
    };
    const said = await child.live.readiness?.(wanted, new AbortController().signal);
    const short = (all: readonly { readonly code: string; readonly path: string }[] = []): string[] =>
      all.map(one => `${one.code} ${one.path}`);
    return { blockers: short(said?.blockers), warnings: short(said?.warnings), said };
  };

  it("lists versions by the minors they are made for, with a default", async () => {
    const { addons = [] } = await sdk.send(
      new DescribeAddonVersionsCommand({ addonName: "vpc-cni", kubernetesVersion: "1.35" }),
    );
    const versions = addons[0]?.addonVersions ?? [];
    expect(versions.map(({ addonVersion }) => addonVersion)).toEqual([CNI_NEW, CNI_MIDDLE, CNI_OLD]);
    expect(versions[1]?.compatibilities?.[0]).toMatchObject({ clusterVersion: "1.35", defaultVersion: true });
    const none = await sdk.send(new DescribeAddonVersionsCommand({ addonName: "nothing" }));
    expect(none.addons).toEqual([]);
  });

  it("refuses a version that is for other minors, and PRESERVE at creation", async () => {
    await expect(create("kube-proxy", "v1.36.4-eksbuild.2")).rejects.toThrow(
      /Addon version specified is not supported/,
    );
    await expect(create("vpc-cni", CNI_OLD, { resolveConflicts: "PRESERVE" })).rejects.toThrow(
      /not supported for/,
    );
  });

  it("leaves what Helm installed as it is, and says whose fields are in the way", async () => {
    await installByHelm("aws-node", "aws-node", "v1.19.6");
    await create("vpc-cni", CNI_MIDDLE, { resolveConflicts: "NONE" });
    const failed = await untilStatus("vpc-cni", "CREATE_FAILED");
    expect(failed.health?.issues?.[0]).toMatchObject({ code: "ConfigurationConflict" });
    expect(failed.health?.issues?.[0]?.message).toContain("helm");
    expect(await imageOf("aws-node")).toBe("registry.example/aws-node:v1.19.6");
  });

  it("and readiness refuses it before: by the owner, or by the version where it is only checked", async () => {
    const held = await ask({ "vpc-cni": { owner: "program", version: CNI_MIDDLE } });
    expect(held.blockers).toEqual(["Eks.AddOnHeldElsewhere addOns.vpc-cni.owner"]);
    await sdk.send(new DeleteAddonCommand({ clusterName: NAME, addonName: "vpc-cni", preserve: true }));
    await eventually("vpc-cni gone", async () => {
      try {
        await describeAddOn("vpc-cni");
        return undefined;
      } catch {
        return true;
      }
    });
    expect(await imageOf("aws-node")).toContain("v1.19.6");
    const seized = await ask({ "vpc-cni": { owner: "program", version: CNI_MIDDLE } });
    expect(seized.blockers).toEqual(["Eks.AddOnInstalledElsewhere addOns.vpc-cni.owner"]);
    expect(seized.said?.blockers[0]?.message).toContain("Helm release cni");
    const checked = await ask({ "vpc-cni": { owner: "external" } });
    expect(checked.blockers).toEqual(["Eks.AddOnIncompatible addOns.vpc-cni"]);
    expect(checked.said?.blockers[0]?.message).toContain(CNI_MIDDLE);
    expect(await ask({ "vpc-cni": { owner: "external" } }, "1.35")).toMatchObject({
      blockers: [],
      warnings: [],
    });
    await kube.request({ method: "DELETE", path: path("daemonsets", "aws-node") });
  });

  it("a DaemonSet is well without nodes, at its version; what needs nodes is DEGRADED until they come", async () => {
    await create("vpc-cni", CNI_OLD, { tags: { "changeover.dev/cluster": NAME } });
    await untilStatus("vpc-cni", "ACTIVE");
    expect(await imageOf("aws-node")).toBe(`stand-in/aws-node:${CNI_OLD}`);
    await expect(create("vpc-cni", CNI_OLD)).rejects.toThrow(/already exists/);
    await create("coredns", "v1.12.4-eksbuild.1", { tags: { "changeover.dev/cluster": NAME } });
    const degraded = await untilStatus("coredns", "DEGRADED");
    expect(degraded.health?.issues?.[0]?.code).toBe("InsufficientNumberOfReplicas");
    const states = await child.live.addOnStates?.(connection, ["vpc-cni", "coredns", "kube-proxy"]);
    expect(states?.map(({ name, state }) => `${name} ${state}`)).toEqual([
      "vpc-cni well",
      "coredns unwell",
      "kube-proxy absent",
    ]);
    await sdk.send(
      new CreateNodegroupCommand({
        ...{ clusterName: NAME, nodegroupName: "nodes", nodeRole: "role", version: "1.35" },
        subnets: Object.values(cluster.eks?.subnets ?? {}),
      }),
    );
    await untilStatus("coredns", "ACTIVE");
  });

  it("readiness names every incompatible version at once, with those that fit", async () => {
    const { blockers, said } = await ask({
      "vpc-cni": { owner: "program", version: CNI_OLD },
      coredns: { owner: "program", version: "v9.9.9-eksbuild.1" },
      nothing: { owner: "program", version: "v1.0.0-eksbuild.1" },
    });
    expect(blockers).toEqual([
      "Eks.AddOnIncompatible addOns.vpc-cni.version",
      "Eks.AddOnIncompatible addOns.coredns.version",
      "Eks.AddOnUnknown addOns.nothing",
    ]);
    expect(said?.blockers[0]?.message).toContain(`${CNI_NEW} (default), ${CNI_MIDDLE}`);
  });

  it("moves the CNI one minor at a time, which readiness knows before", async () => {
    const update = (addonVersion: string) =>
      sdk.send(new UpdateAddonCommand({ clusterName: NAME, addonName: "vpc-cni", addonVersion }));
    await expect(update(CNI_NEW)).rejects.toThrow(/1 minor version at a time/);
    const skip = await ask({ "vpc-cni": { owner: "program", version: CNI_NEW } });
    expect(skip.blockers).toEqual(["Eks.CniOneMinor addOns.vpc-cni.version"]);
    const step = await ask({ "vpc-cni": { owner: "program", version: CNI_MIDDLE } });
    expect(step).toMatchObject({ blockers: [], warnings: ["Eks.AddOnLagsFirst addOns.vpc-cni"] });
    await update(CNI_MIDDLE);
    expect((await untilStatus("vpc-cni", "ACTIVE")).addonVersion).toBe(CNI_MIDDLE);
    expect(await imageOf("aws-node")).toBe(`stand-in/aws-node:${CNI_MIDDLE}`);
  });

  it("one that EKS calls unwell is a warning with its reason; what can't be told is unknown, never fine", async () => {
    aws.failures.plan({
      action: "AddonHealth",
      on: /coredns/,
      fault: new Fault("x", "pods crash"),
      times: 1,
    });
    await sdk.send(
      new UpdateAddonCommand({ clusterName: NAME, addonName: "coredns", addonVersion: "v1.13.1-eksbuild.1" }),
    );
    await untilStatus("coredns", "DEGRADED");
    const { warnings, blockers, said } = await ask({
      coredns: { owner: "cloud" },
      "kube-proxy": { owner: "cloud" },
      ingress: { owner: "external" },
    });
    expect(blockers).toEqual([]);
    expect(warnings).toEqual([
      "Eks.AddOnUnwell addOns.coredns",
      "Eks.AddOnNotFound addOns.kube-proxy",
      "Eks.AddOnNotFound addOns.ingress",
    ]);
    expect(said?.warnings[0]?.message).toContain("pods crash");
  });

  it("who may not read the list of versions is told what stays unknown", async () => {
    const fault = new Fault("AccessDeniedException", "not authorized", 403);
    aws.failures.plan({ action: "DescribeAddonVersions", on: /^/, fault, times: 1 });
    const { blockers, warnings } = await ask({ "vpc-cni": { owner: "program", version: CNI_OLD } });
    expect({ blockers, warnings }).toEqual({ blockers: [], warnings: ["Eks.AddOnsNotAsked addOns.vpc-cni"] });
  });

  it("deleted without preserve, its software goes with it", async () => {
    await sdk.send(new DeleteAddonCommand({ clusterName: NAME, addonName: "vpc-cni" }));
    await eventually("aws-node gone", async () => {
      try {
        await daemonSet("aws-node");
        return undefined;
      } catch (error) {
        return isKubeError(error, "notFound") ? true : undefined;
      }
    });
  });
});
