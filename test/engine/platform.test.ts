import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ensureTool } from "../../controlplane/tools";
import { type KubeClient, openKube, readVersion } from "../../kube";
import { labKubeconfig } from "../../lab";
import { createTail, parseEvent, type ResourceEvent } from "../../lab/demo/engineEvents";
import { expectServing, readMarks } from "../support/nodes";
import { type Run, TestStack } from "../support/stack";

const LAB = "platform";
const NEW = "v1.36.4";

const readEvents = (log: string): readonly ResourceEvent[] =>
  createTail(log)().flatMap(line => parseEvent(line, 0) ?? []);

/** A program with a platform of its own: a Deployment that kubectl applies, and one that comes when the nodes are open. */
const PROGRAM = `
import * as pulumi from "@pulumi/pulumi";
import { openStack } from "./components";

const provider: pulumi.dynamic.ResourceProvider = {
  diff: async (_id, olds, news) => ({ changes: olds.manifest !== news.manifest }),
  create: async ({ manifest, kubeconfig, name }) => {
    const args = ["--kubeconfig", kubeconfig, "apply", "--server-side", "-f", "-"];
    require("node:child_process").execFileSync(process.env.KUBECTL, args, { input: manifest });
    return { id: name, outs: { manifest, kubeconfig, name } };
  },
  update: async (_id, _olds, { manifest, kubeconfig, name }) => {
    const args = ["--kubeconfig", kubeconfig, "apply", "--server-side", "-f", "-"];
    require("node:child_process").execFileSync(process.env.KUBECTL, args, { input: manifest });
    return { outs: { manifest, kubeconfig, name } };
  },
  delete: async (_id, { manifest, kubeconfig }) => {
    const args = ["--kubeconfig", kubeconfig, "delete", "--wait=false", "-f", "-"];
    require("node:child_process").execFileSync(process.env.KUBECTL, args, { input: manifest });
  },
};

class Manifest extends pulumi.dynamic.Resource {
  constructor(name: string, props: pulumi.Inputs, opts: pulumi.CustomResourceOptions) {
    super(provider, name, { name, ...props }, opts);
  }
}

const deployment = (name: string, version: string) => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name, namespace: "default", labels: { version } },
  spec: {
    replicas: 2,
    selector: { matchLabels: { app: name } },
    strategy: { rollingUpdate: { maxUnavailable: 0 } },
    template: {
      metadata: {
        labels: { app: name },
        annotations: version === "broken" ? { "lab.changeover.dev/fail": "never-ready" } : { version },
      },
      spec: { terminationGracePeriodSeconds: 1, containers: [{ name: "app", image: "registry.k8s.io/pause:3.10" }] },
    },
  },
});

const version = process.env.PLATFORM ?? "";
const make = (name: string) => ({ parent, kubeconfig }: { parent: pulumi.Resource; kubeconfig: () => pulumi.Output<string> }) =>
  void new Manifest(name, { manifest: JSON.stringify(deployment(name, version)), kubeconfig: kubeconfig() }, { parent });

export const { generations } = openStack(
  version === "none"
    ? {}
    : version === "nowhere"
      ? { platform: { beforeNodes: () => undefined } }
      : { platform: { beforeNodes: make("ingress"), onNodes: make("dashboard"), namespaces: ["default"], revision: version } },
);
`;

describe("a platform of the user's own, upgraded in its place", () => {
  let stack: TestStack;
  let kube: KubeClient;

  const pools = (version: string): Record<string, unknown> => ({
    workers: { version, size: { min: 2, max: 4 }, machine: "lab.small" },
  });
  const cluster = (version: string): Record<string, unknown> => ({ name: LAB, cloud: "lab", version });

  const withPlatform = (version: string): void => {
    stack.extra = { ...stack.extra, PLATFORM: version };
  };

  const upWatched = async (): Promise<Run & { readonly events: readonly ResourceEvent[] }> => {
    const log = join(stack.dir, "events.jsonl");
    rmSync(log, { force: true });
    const run = await stack.up("--skip-preview", "--event-log", log);
    return { ...run, events: readEvents(log) };
  };

  /** "create Manifest ingress" in the order in which the engine began or ended them. */
  const steps = (events: readonly ResourceEvent[], kind: ResourceEvent["kind"]): readonly string[] =>
    events
      .filter(event => event.kind === kind && event.op !== "same")
      .map(({ op, type, name }) => `${op} ${type} ${name.replace(/-[0-9a-f]{6}$/, "")}`);

  beforeAll(async () => {
    const tool = await ensureTool("kubernetes-1.36", {
      progress: () => undefined,
      signal: AbortSignal.timeout(3_600_000),
    });
    stack = await TestStack.open(LAB, {
      ...{ cluster: cluster("1.35"), pools: pools("1.35"), backup: { kind: "none" } },
      ...{ soak: { duration: "1s" }, health: { timeout: "10s" } },
    });
    stack.extra = { KUBECTL: tool.bin("kubectl"), PULUMI_DEBUG_COMMANDS: "true" };
    rmSync(join(stack.dir, "index.ts"));
    writeFileSync(join(stack.dir, "index.ts"), PROGRAM);
  });

  afterAll(async () => {
    await kube.close();
    await stack.close();
  });

  it("refuses a place in which nothing is made", async () => {
    withPlatform("nowhere");
    const preview = await stack.preview();
    expect(preview.code).not.toBe(0);
    expect(preview.text).toContain("Platform.NothingBelowParent at platform.beforeNodes");
  });

  it("is made with the cluster: before the nodes what waits for none, and the rest on them", async () => {
    withPlatform("1");
    const up = await upWatched();
    expect(up.text).not.toMatch(/error:/);
    expect(up.code).toBe(0);
    kube = await openKube({ kubeconfig: labKubeconfig(LAB) ?? "" });
    expect((await stack.preview("--expect-no-changes")).code).toBe(0);
  });

  it("one that does not become ready stops the upgrade before any pool is touched", async () => {
    const before = await readMarks(kube, "workers");
    withPlatform("broken");
    stack.set({ cluster: cluster("1.36"), pools: pools("1.36") });
    const up = await upWatched();
    expect(up.code).not.toBe(0);
    expect(up.text).toMatch(/PlatformGate\.Unwell[^]*Deployment default\/ingress/);
    expect((await readVersion(kube)).binary).toBe("1.36.4");
    expect(steps(up.events, "failed")).toEqual([`update PlatformGate ${LAB}-before-nodes`]);
    expect(
      steps(up.events, "started").filter(step => /Pool|Generation|Interlock|Activation/.test(step)),
    ).toEqual([]);
    expect(await readMarks(kube, "workers")).toEqual(before);
  });

  it("put right, it is changed after the control plane is well and before the green pool, the rest before workloads", async () => {
    withPlatform("2");
    const up = await upWatched();
    expect(up.text).not.toMatch(/error:/);
    expect(up.code).toBe(0);
    expect(
      steps(up.events, "done").filter(step => !/Gate (cluster|workers)|Backup|LabNodePool/.test(step)),
    ).toEqual([
      `update HealthGate ${LAB}`,
      "update Resource ingress",
      `update PlatformGate ${LAB}-before-nodes`,
      "create Interlock workers-1-36",
      "update Activation workers",
      "update Resource dashboard",
      `update PlatformGate ${LAB}-on-nodes`,
      "update Migration workers",
      "update Validation workers",
      `update Completion ${LAB}`,
      "delete Interlock workers-1-35",
    ]);
    expectServing(await readMarks(kube, "workers"), { kubelet: NEW, count: 2 });
  });

  it("is gone with the stack, after the pools that stood on it", async () => {
    const log = join(stack.dir, "destroy.jsonl");
    const destroy = await stack.run(["destroy", "--yes", "--skip-preview", "--event-log", log]);
    expect(destroy.code).toBe(0);
    const order = steps(readEvents(log), "done");
    const at = (step: string): number => order.indexOf(`delete ${step}`);
    const expected = [
      "Resource dashboard",
      "LabNodePool workers-1-36",
      "Resource ingress",
      `LabControlPlane ${LAB}`,
    ];
    expect(order).toEqual(expect.arrayContaining(expected.map(step => `delete ${step}`)));
    expect([...expected].sort((a, b) => at(a) - at(b))).toEqual(expected);
  });
});
