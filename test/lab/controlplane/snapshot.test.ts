import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { compareRestored, snapshot, withRestored } from "../../../controlplane";
import { collectionPath, KINDS, listAll, openKube } from "../../../kube";
import { ensureLab, planeDir, proveLabBackup, takeLabBackup } from "../../../lab";
import { OLD, eventually, processesOf, run, useTemporaryLabs, withKube } from "../../support/temporaryLabs";

const { root } = useTemporaryLabs();
const name = "snap";
const widgets = "/apis/example.com/v1/widgets";

const crd = {
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: "widgets.example.com" },
  spec: {
    group: "example.com",
    scope: "Cluster",
    names: { plural: "widgets", singular: "widget", kind: "Widget" },
    versions: [
      {
        name: "v1",
        served: true,
        storage: true,
        schema: { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } },
      },
    ],
  },
};

const makeWidget = (id: number): Promise<unknown> =>
  withKube(name, kube =>
    kube.request({
      method: "POST",
      path: widgets,
      body: { apiVersion: "example.com/v1", kind: "Widget", metadata: { name: `w${id}` } },
    }),
  );

describe("a snapshot", () => {
  beforeAll(async () => {
    await ensureLab({ name, version: OLD }, run());
    await withKube(name, async kube => {
      await kube.request({
        method: "POST",
        path: "/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
        body: crd,
      });
    });
    await eventually("the custom resource", () => makeWidget(1).catch(() => undefined));
  });

  it("holds every object of the live cluster at its moment, whatever happened since", async () => {
    const { file } = await takeLabBackup(name, run().signal);
    await makeWidget(2);
    const proof = await proveLabBackup(name, file, run().signal);
    expect(proof.differences).toEqual([]);
    expect(proof.resources).toBeGreaterThan(40);
    expect(proof.objects).toBeGreaterThan(100);
  });

  it("can be looked into while it is restored, and nothing of that is left", async () => {
    const { file } = await snapshot(planeDir(name), join(root, "look.snapshot"), run());
    await makeWidget(3);
    const names = await withRestored({ dir: planeDir(name), file, version: OLD }, run(), async kubeconfig => {
      const kube = await openKube({ kubeconfig });
      const { items } = await listAll<{ metadata: { name: string } }>(kube, widgets);
      await kube.close();
      return items.map(item => item.metadata.name);
    });
    expect(names).toContain("w2");
    expect(names).not.toContain("w3");
    expect(readdirSync(planeDir(name)).filter(entry => entry.startsWith("restore-"))).toEqual([]);
    expect(processesOf("restore-")).toEqual([]);
  });

  it("leaves nothing behind either when its user fails", async () => {
    const { file } = await snapshot(planeDir(name), join(root, "fail.snapshot"), run());
    const failing = withRestored({ dir: planeDir(name), file, version: OLD }, run(), () =>
      Promise.reject(new Error("no good")),
    );
    await expect(failing).rejects.toThrow("no good");
    expect(processesOf("restore-")).toEqual([]);
  });

  it("of another cluster is told apart, resource by resource", async () => {
    await ensureLab({ name: "other", version: OLD }, run());
    await withKube("other", kube =>
      kube.request({
        method: "POST",
        path: collectionPath(KINDS.configMaps, "default"),
        body: { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "only-here" } },
      }),
    );
    const { file } = await snapshot(planeDir("other"), join(root, "other.snapshot"), run());
    const { differences } = await compareRestored(planeDir(name), file, run());
    expect(differences.join("\n")).toMatch(
      /^namespaces: \d+ objects on both sides, but their content differs$/m,
    );
  });

  it("that is broken is refused", async () => {
    const file = join(root, "broken.snapshot");
    writeFileSync(file, "not a database");
    await expect(compareRestored(planeDir(name), file, run())).rejects.toThrow(
      /ControlPlane\.(SnapshotFailed|BadSnapshot)/,
    );
  });
});
