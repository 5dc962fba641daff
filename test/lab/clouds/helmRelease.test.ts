import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type KubeClient, listAll, openKube } from "../../../kube";
import { HELM, standInEnvironment } from "../../../lab/clouds/kubernetes/environment";
import { openHelm } from "../../../lab/clouds/kubernetes/plugin/helm";
import { releaseKind } from "../../../lab/clouds/kubernetes/plugin/release";
import { HalfMade, type Props, type ResourceKind, compare } from "../../../lab/clouds/plugin/kind";
import { destroyLab, ensureLab, labKubeconfig } from "../../../lab";

const LAB = "charts";
const CHARTS = resolve(__dirname, "../../../examples/platform-chart/charts");

jest.setTimeout(900_000);

interface Deployment {
  readonly metadata: { readonly namespace: string; readonly labels: Readonly<Record<string, string>> };
  readonly spec: {
    readonly template: { readonly metadata: { readonly labels: Readonly<Record<string, string>> } };
  };
}

describe("the stand-in for Helm releases, with the real Helm and API server behind it", () => {
  const dir = mkdtempSync(join(tmpdir(), "changeover-charts-"));
  const options = { progress: () => undefined, signal: AbortSignal.timeout(1_800_000) };
  let kind: ResourceKind;
  let kube: KubeClient;

  const inputs = (more: object = {}): Props => ({
    ...{ name: "ingress", namespace: "ingress", createNamespace: true, compat: "true", skipAwait: true },
    ...{ chart: join(CHARTS, "ingress-1.8"), ...more },
  });
  const checked = (more?: object): Promise<Props> =>
    kind.check?.(inputs(more)) ?? Promise.reject(new Error("nothing is checked"));

  const versions = async (): Promise<readonly string[]> => {
    const { items } = await listAll<Deployment>(kube, "/apis/apps/v1/deployments");
    return items.map(({ spec }) => spec.template.metadata.labels["version"] ?? "");
  };

  const half = async (work: Promise<unknown>): Promise<HalfMade> => {
    const error: unknown = await work.catch((reason: unknown) => reason);
    if (error instanceof HalfMade) return error;
    throw new Error(`not half made: ${String(error)}`);
  };

  beforeAll(async () => {
    process.env["CHANGEOVER_LABS"] = join(dir, "labs");
    const environment = await standInEnvironment(dir, "", options);
    await ensureLab({ name: LAB, version: "1.36.4" }, options);
    const kubeconfig = labKubeconfig(LAB) ?? "";
    kube = await openKube({ kubeconfig });
    kind = releaseKind(openHelm(environment[HELM] ?? "", () => kubeconfig));
  });

  afterAll(async () => {
    await kube.close();
    await destroyLab(LAB);
    rmSync(dir, { recursive: true, force: true });
  });

  let first: Props;
  let second: Props;

  it("installs a chart that is not waited for, and finds it again", async () => {
    const { id, outs } = await kind.create(await checked());
    expect(id).toBe("ingress/ingress");
    expect(outs["status"]).toMatchObject({ revision: 1, status: "deployed" });
    expect(await versions()).toEqual(["1.8.4"]);
    expect(await kind.read(id)).toEqual({ status: outs["status"] });
    expect(compare(kind, outs, await checked())).toEqual({ changes: false, replaces: [] });
    first = outs;
  });

  it("renderedChecksum: the same words are a change when the chart renders otherwise", async () => {
    const chart = join(dir, "chart");
    cpSync(join(CHARTS, "ingress-1.8"), chart, { recursive: true });
    const before = await checked({ chart });
    const file = join(chart, "templates/controller.yaml");
    writeFileSync(file, readFileSync(file, "utf8").replace("replicas: 2", "replicas: 3"));
    const after = await checked({ chart });
    expect({ ...after, checksum: "" }).toEqual({ ...before, checksum: "" });
    expect(compare(kind, before, after)).toEqual({ changes: true, replaces: [] });
  });

  it("nameReplaces: another name or namespace is another release", async () => {
    expect(compare(kind, first, await checked({ name: "other" })).replaces).toEqual(["name"]);
    expect(compare(kind, first, await checked({ namespace: "other" })).replaces).toEqual(["namespace"]);
  });

  it("upgrades it in place", async () => {
    second = await kind.update(
      "ingress/ingress",
      first,
      await checked({ chart: join(CHARTS, "ingress-1.9") }),
    );
    expect(second["status"]).toMatchObject({ revision: 2, status: "deployed" });
    expect(await versions()).toEqual(["1.9.0"]);
  });

  it("waitsUnlessToldNot, failedIsKept: what does not become ready in time is in the state as failed", async () => {
    expect(await checked({ skipAwait: undefined })).toMatchObject({ timeout: 300 });
    const news = await checked({ skipAwait: false, timeout: 2 });
    const { id, properties, reasons } = await half(kind.update("ingress/ingress", second, news));
    expect(id).toBe("ingress/ingress");
    expect(properties["status"]).toMatchObject({ revision: 3, status: "failed" });
    expect(reasons.join()).toMatch(/failed to initialize completely.*(deadline|timed out)/s);
  });

  it("says what Helm says of a chart that can't be, and keeps nothing of it", async () => {
    await expect(checked({ chart: join(CHARTS, "none") })).rejects.toThrow(/none.*not found/);
    const stray = await checked({ name: "stray", namespace: "nowhere", createNamespace: false });
    await expect(kind.create(stray)).rejects.toThrow(/namespaces "nowhere" not found/);
  });

  it("refuses by name what it does not cover", async () => {
    await expect(checked({ repositoryOpts: {} })).rejects.toThrow(/StandInLimit.*repositoryOpts/);
    await expect(checked({ name: undefined })).rejects.toThrow(/StandInLimit.*name/);
  });

  it("uninstalls it, and it is gone", async () => {
    await kind.remove("ingress/ingress", inputs());
    expect(await versions()).toEqual([]);
    expect(await kind.read("ingress/ingress")).toBeUndefined();
  });
});
