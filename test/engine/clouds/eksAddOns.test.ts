import { isKubeError, type KubeClient } from "../../../kube";
import { labStatus } from "../../../lab";
import { expectClean } from "../../support/auditor";
import { openApps } from "../../support/cluster";
import { eksCluster, type EksStack, eksWorkers, openEksStack } from "../../support/eksStack";
import type { Run } from "../../support/stack";

const LAB = "eks-add-ons";
const OLD = {
  "vpc-cni": "v1.19.6-eksbuild.7",
  "kube-proxy": "v1.35.8-eksbuild.2",
  coredns: "v1.12.4-eksbuild.1",
  "aws-ebs-csi-driver": "v1.50.1-eksbuild.1",
};
const NEW = {
  "vpc-cni": "v1.20.4-eksbuild.2",
  "kube-proxy": "v1.36.4-eksbuild.2",
  coredns: "v1.13.1-eksbuild.1",
  "aws-ebs-csi-driver": "v1.54.0-eksbuild.1",
};

jest.setTimeout(900_000);

describe("add-ons of an EKS stack, on a stand-in for AWS", () => {
  let eks: EksStack;
  let kube: KubeClient;
  let first: Run;

  const own = (versions: Readonly<Record<string, string>>): Record<string, unknown> =>
    Object.fromEntries(
      Object.entries(versions).map(([name, version]) => [name, { owner: "program", version }]),
    );

  beforeAll(async () => {
    eks = await openEksStack(LAB, {
      cluster: eksCluster(LAB, "1.35"),
      pools: { workers: eksWorkers("1.35.8-20261105") },
      addOns: own(OLD),
      backup: { kind: "none" },
      soak: { duration: "1s" },
      health: { timeout: "2m" },
    });
    first = await eks.stack.up();
    if (first.code !== 0) throw new Error(first.text);
    kube = await openApps(LAB);
  });

  afterAll(async () => {
    await kube.close();
    await eks.close();
  });

  const held = (): Readonly<Record<string, string>> =>
    Object.fromEntries(
      Object.values(eks.aws.state.addOns).map(({ name, version, status }) => [name, `${version} ${status}`]),
    );
  const active = (versions: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
    Object.fromEntries(Object.entries(versions).map(([name, version]) => [name, `${version} ACTIVE`]));

  const path = (kind: string, name: string): string => `/apis/apps/v1/namespaces/kube-system/${kind}/${name}`;
  const imageOf = async (kind: string, name: string): Promise<string | undefined> => {
    interface Workload {
      readonly spec: { template: { spec: { containers: readonly { readonly image: string }[] } } };
    }
    try {
      const found = await kube.request<Workload>({ method: "GET", path: path(kind, name) });
      return found.spec.template.spec.containers[0]?.image;
    } catch (error) {
      if (isKubeError(error, "notFound")) return undefined;
      throw error;
    }
  };

  /** Each is seen in the engine's own lines, and after the one before. */
  const expectInOrder = ({ text }: Run, lines: readonly RegExp[]): void => {
    const seen = lines.map(line => [String(line), text.search(line)] as const);
    expect(seen.filter(([, at]) => at < 0)).toEqual([]);
    expect([...seen].sort(([, a], [, b]) => a - b)).toEqual(seen);
  };

  it("are made with the cluster: the network before any node, the rest before any workload", async () => {
    expect(held()).toEqual(active(OLD));
    expect(eks.aws.state.clusters[LAB]?.settings["bootstrapSelfManagedAddons"]).toBe(false);
    expect(await imageOf("daemonsets", "aws-node")).toBe(`stand-in/aws-node:${OLD["vpc-cni"]}`);
    expectInOrder(first, [
      /eks:Cluster \S+ created/,
      /eks:Addon vpc-cni creating/,
      /AddOnGate \S+-before-nodes created/,
      /eks:NodeGroup \S+ creating/,
      /Activation \S+ created/,
      /eks:Addon coredns creating/,
      /AddOnGate \S+-on-nodes created/,
      /Migration \S+ creating/,
    ]);
  });

  it("change nothing when nothing was asked", async () => {
    expect((await eks.stack.preview("--expect-no-changes")).code).toBe(0);
  });

  it("refuse a minor that they are not made for, in the preview, with the versions that are", async () => {
    const before = JSON.stringify(eks.aws.state);
    eks.stack.set({
      cluster: eksCluster(LAB, "1.36"),
      pools: { workers: eksWorkers("1.36.4-20261105") },
    });
    const preview = await eks.stack.preview();
    expect(preview.code).not.toBe(0);
    expect(preview.text).toContain("Eks.AddOnIncompatible");
    expect(preview.text).toContain(NEW["vpc-cni"]);
    expect(JSON.stringify(eks.aws.state)).toBe(before);
  });

  it("are pinned to what EKS has for the new minor, the network plugin by one step", async () => {
    const pinned = await eks.stack.changeover("pin", "--stack", "test", "--write");
    expect(pinned.code).toBe(0);
    expect(eks.stack.said("addOns")).toEqual(own(NEW));
  });

  it("move after the control plane: network, nodes, then the rest, then the workloads", async () => {
    const preview = await eks.stack.preview("--policy-pack", "policy");
    expect(preview.text).toMatch(/~ .*aws:eks:Addon\s+vpc-cni\s+update/);
    expect(preview.text).not.toMatch(/replace/);
    expect(preview.code).toBe(0);
    const audit = await eks.stack.audit();
    const up = await eks.stack.up("--policy-pack", "policy");
    const summary = await audit.stop();
    expect(up.text).not.toMatch(/error:/);
    expect(up.code).toBe(0);
    expectClean(summary);
    expectInOrder(up, [
      /eks:Cluster \S+ updated/,
      /eks:Addon kube-proxy updating/,
      /AddOnGate \S+-before-nodes updated/,
      /eks:NodeGroup \S+ creating/,
      /Activation \S+ updated/,
      /eks:Addon aws-ebs-csi-driver updating/,
      /AddOnGate \S+-on-nodes updated/,
      /Migration \S+ updating/,
    ]);
    expect(held()).toEqual(active(NEW));
    expect(await imageOf("deployments", "coredns")).toBe(`stand-in/coredns:${NEW.coredns}`);
    expect(labStatus(LAB).version).toBe("1.36.4");
  });

  it("hold up a control plane that would go back beneath them", async () => {
    const pools = eks.stack.said("pools");
    eks.stack.set({
      cluster: eksCluster(LAB, "1.35"),
      pools: { workers: eksWorkers("1.35.8-20261105") },
    });
    const preview = await eks.stack.preview();
    eks.stack.set({ cluster: eksCluster(LAB, "1.36"), pools });
    expect(preview.code).not.toBe(0);
    expect(preview.text).toMatch(/Eks\.AddOnBeforeWayBack.*kube-proxy/);
  });

  it("never seize what Helm installed", async () => {
    const name = "eks-pod-identity-agent";
    const labels = { app: name };
    const image = `registry.example/${name}:v1.3.10`;
    const body = {
      apiVersion: "apps/v1",
      kind: "DaemonSet",
      metadata: { name, annotations: { "meta.helm.sh/release-name": "identity" } },
      spec: {
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { containers: [{ name, image }] } },
      },
    };
    const query = { fieldManager: "helm", force: true };
    await kube.request({ method: "PATCH", patch: "apply", path: path("daemonsets", name), query, body });
    eks.stack.set({ addOns: own({ ...NEW, [name]: "v1.3.10-eksbuild.2" }) });
    const preview = await eks.stack.preview();
    expect(preview.code).not.toBe(0);
    expect(preview.text).toMatch(/Eks\.AddOnInstalledElsewhere.*Helm release identity/);
    expect(await imageOf("daemonsets", name)).toBe(image);
    eks.stack.set({ addOns: { ...own(NEW), [name]: { owner: "external" } } });
    expect((await eks.stack.preview()).code).toBe(0);
  });

  it("taken out of config are left running: only EKS forgets them", async () => {
    const { coredns: _coredns, ...rest } = NEW;
    eks.stack.set({ addOns: own(rest) });
    const up = await eks.stack.up();
    expect(up.text).not.toMatch(/error:/);
    expect(Object.keys(held())).not.toContain("coredns");
    expect(await imageOf("deployments", "coredns")).toBe(`stand-in/coredns:${NEW.coredns}`);
  });

  it("go with the cluster", async () => {
    const destroyed = await eks.stack.run(["destroy", "--yes"]);
    expect(destroyed.text).not.toMatch(/error:/);
    expect(destroyed.code).toBe(0);
    expect(eks.aws.state).toEqual({ clusters: {}, groups: {}, addOns: {}, entries: {} });
  });
});
