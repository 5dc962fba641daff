import { collectionPath, KINDS, listNodes, podPath, type KubeClient } from "../../../kube";
import {
  closeLabPool,
  deleteLabPool,
  ensureLab,
  ensureLabPool,
  openLabPool,
  readLabPool,
  releaseLabNode,
  resizeLabPool,
  setTemplateTaints,
  SIMULATE,
  type LabPoolSpec,
} from "../../../lab";
import { OLD, eventually, run, useTemporaryLabs, withKube } from "../../support/temporaryLabs";

useTemporaryLabs();
const lab = "sim";
const generation = "workers-1-35-aaaaaa";
const spec: LabPoolSpec = {
  generation,
  pool: "workers",
  version: "1.35",
  size: { min: 3, max: 5 },
  machine: "lab.large",
  zones: ["a", "b"],
  labels: {},
  taints: [],
};

interface Pod {
  readonly metadata: { readonly name: string };
  readonly status: {
    readonly phase: string;
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
    readonly containerStatuses?: readonly {
      readonly restartCount: number;
      readonly state: {
        readonly waiting?: { readonly reason: string };
        readonly terminated?: { readonly exitCode: number; readonly message: string };
      };
    }[];
  };
}

const NAMESPACE = "default";
const container = [{ name: "main", image: "shop/web:1" }];

const makePod = (
  kube: KubeClient,
  name: string,
  rest: { annotations?: Record<string, string>; spec?: object },
): Promise<unknown> =>
  kube.request({
    method: "POST",
    path: collectionPath(KINDS.pods, NAMESPACE),
    body: {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name, annotations: rest.annotations ?? {} },
      spec: { containers: container, ...rest.spec },
    },
  });

const readPod = (kube: KubeClient, name: string): Promise<Pod | undefined> =>
  kube.request<Pod>({ method: "GET", path: podPath({ namespace: NAMESPACE, name }) }).catch(() => undefined);

const podWhen = (kube: KubeClient, name: string, good: (pod: Pod) => boolean): Promise<Pod> =>
  eventually(`pod ${name}`, async () => {
    const pod = await readPod(kube, name);
    return pod !== undefined && good(pod) ? pod : undefined;
  });

const isReady = (pod: Pod): boolean =>
  pod.status.conditions?.some(({ type, status }) => type === "Ready" && status === "True") === true;
const waitsFor =
  (reason: string) =>
  (pod: Pod): boolean =>
    pod.status.containerStatuses?.[0]?.state.waiting?.reason === reason;

const readyNodes = (kube: KubeClient, count: number): Promise<readonly string[]> =>
  eventually(`${count} ready nodes`, async () => {
    const nodes = await listNodes(kube);
    return nodes.length === count && nodes.every(({ ready }) => ready)
      ? nodes.map(({ name }) => name)
      : undefined;
  });

beforeAll(async () => {
  await ensureLab({ name: lab, version: OLD, apiserverCount: 1 }, run());
  await ensureLabPool(lab, spec);
  await withKube(lab, kube => readyNodes(kube, 3));
});

describe("simulated pods", () => {
  it("start, run and are ready", async () => {
    await withKube(lab, async kube => {
      await makePod(kube, "plain", {});
      const pod = await podWhen(kube, "plain", isReady);
      expect(pod.status.phase).toBe("Running");
    });
  });

  it("take the time to stop that they say, and no longer than their grace period", async () => {
    await withKube(lab, async kube => {
      await makePod(kube, "slow", {
        annotations: { [SIMULATE.stopDelay]: "10m" },
        spec: { terminationGracePeriodSeconds: 4 },
      });
      await podWhen(kube, "slow", isReady);
      const began = Date.now();
      await kube.request({ method: "DELETE", path: podPath({ namespace: NAMESPACE, name: "slow" }) });
      await eventually("its end", async () =>
        (await readPod(kube, "slow")) === undefined ? true : undefined,
      );
      const seconds = (Date.now() - began) / 1000;
      expect(seconds).toBeGreaterThan(2.5);
      expect(seconds).toBeLessThan(8);
    });
  });

  it.each([
    ["crash-loop", "CrashLoopBackOff"],
    ["image-pull", "ImagePullBackOff"],
  ])("fail as their annotation says, and recover without it: %s", async (mode, reason) => {
    await withKube(lab, async kube => {
      await makePod(kube, mode, { annotations: { [SIMULATE.fail]: mode } });
      expect(isReady(await podWhen(kube, mode, waitsFor(reason)))).toBe(false);
      const body = { metadata: { annotations: { [SIMULATE.fail]: null } } };
      await kube.request({ method: "PATCH", path: podPath({ namespace: NAMESPACE, name: mode }), body });
      await podWhen(kube, mode, isReady);
    });
  });

  it("run without ever being ready when told so", async () => {
    await withKube(lab, async kube => {
      await makePod(kube, "never", { annotations: { [SIMULATE.fail]: "never-ready" } });
      const pod = await podWhen(kube, "never", ({ status }) => status.phase === "Running");
      expect(isReady(pod)).toBe(false);
    });
  });

  it.each([
    ["0", "Complete", "", "Succeeded"],
    ["3", "Failed", "no answer from the database", "Failed"],
  ])("of a Job end with exit code %s: %s", async (...[code, condition, message, phase]) => {
    await withKube(lab, async kube => {
      const name = `job-${code}`;
      const annotations = {
        [SIMULATE.exitCode]: code,
        [SIMULATE.message]: message,
        [SIMULATE.duration]: "300ms",
      };
      const template = { metadata: { annotations }, spec: { restartPolicy: "Never", containers: container } };
      const body = {
        apiVersion: "batch/v1",
        kind: "Job",
        metadata: { name },
        spec: { backoffLimit: 0, template },
      };
      await kube.request({ method: "POST", path: collectionPath(KINDS.jobs, NAMESPACE), body });
      await eventually(name, async () => {
        const path = `${collectionPath(KINDS.jobs, NAMESPACE)}/${name}`;
        const job = await kube.request<{ status?: { conditions?: { type: string }[] } }>({
          method: "GET",
          path,
        });
        return job.status?.conditions?.some(({ type }) => type === condition) === true ? true : undefined;
      });
      const query = { labelSelector: `job-name=${name}` };
      const { items } = await kube.request<{ items: Pod[] }>({
        method: "GET",
        path: collectionPath(KINDS.pods, NAMESPACE),
        query,
      });
      expect(items[0]?.status.phase).toBe(phase);
      const terminated = items[0]?.status.containerStatuses?.[0]?.state.terminated;
      expect(terminated?.exitCode).toBe(Number(code));
      expect(terminated?.message ?? "").toBe(message);
    });
  });
});

describe("simulated nodes", () => {
  it("are not ready as long as their annotation says so", async () => {
    await withKube(lab, async kube => {
      const path = `${collectionPath(KINDS.nodes)}/${generation}-0`;
      const fail = (value: string | null): Promise<unknown> =>
        kube.request({
          method: "PATCH",
          path,
          body: { metadata: { annotations: { [SIMULATE.fail]: value } } },
        });
      const isNode = async (ready: boolean): Promise<true | undefined> =>
        (await listNodes(kube)).some(node => node.name === `${generation}-0` && node.ready === ready)
          ? true
          : undefined;
      await fail("not-ready");
      await eventually("the node failing", () => isNode(false));
      await fail(null);
      await eventually("the node mended", () => isNode(true));
    });
  });
});

describe("the stand-in cloud's node groups", () => {
  it("are made once under their name, and refilled", async () => {
    await withKube(lab, async kube => {
      const before = (await listNodes(kube)).map(({ uid }) => uid);
      await ensureLabPool(lab, spec);
      expect((await listNodes(kube)).map(({ uid }) => uid)).toEqual(before);
      await kube.request({ method: "DELETE", path: `${collectionPath(KINDS.nodes)}/${generation}-1` });
      await ensureLabPool(lab, spec);
      await readyNodes(kube, 3);
    });
  });

  it("keep the kubelet's version they were born with", async () => {
    const versions = await withKube(lab, async kube =>
      (await listNodes(kube)).map(({ kubeletVersion }) => kubeletVersion),
    );
    expect(new Set(versions)).toEqual(new Set([`v${OLD}`]));
  });

  it("grow and shrink, but not above their max", async () => {
    await resizeLabPool(lab, { generation, desired: 5 });
    await withKube(lab, kube => readyNodes(kube, 5));
    await expect(resizeLabPool(lab, { generation, desired: 6 })).rejects.toThrow(/Lab.PoolSize/);
    await resizeLabPool(lab, { generation, desired: 3 });
    expect(await withKube(lab, kube => readyNodes(kube, 3))).toEqual([
      `${generation}-0`,
      `${generation}-1`,
      `${generation}-2`,
    ]);
  });

  it("do not refill or grow once closed, and do again when opened", async () => {
    await closeLabPool(lab, generation);
    await expect(resizeLabPool(lab, { generation, desired: 4 })).rejects.toThrow(/Lab.PoolClosed/);
    await withKube(lab, async kube => {
      await kube.request({ method: "DELETE", path: `${collectionPath(KINDS.nodes)}/${generation}-2` });
      await ensureLabPool(lab, spec);
      expect(await listNodes(kube)).toHaveLength(2);
      await openLabPool(lab, generation);
      await readyNodes(kube, 3);
    });
  });

  it("bear new nodes with the template's taints and leave the others alone", async () => {
    await setTemplateTaints(lab, {
      generation,
      taints: [{ key: "changeover.dev/unproven", effect: "NoSchedule" }],
    });
    await resizeLabPool(lab, { generation, desired: 4 });
    const tainted = await withKube(lab, async kube => {
      await readyNodes(kube, 4);
      const nodes = await listNodes(kube);
      return nodes
        .filter(({ taints }) => taints.some(({ key }) => key === "changeover.dev/unproven"))
        .map(({ name }) => name);
    });
    expect(tainted).toEqual([`${generation}-3`]);
  });

  it("give back one machine without replacing it", async () => {
    await releaseLabNode(lab, { generation, name: `${generation}-0` });
    expect(readLabPool(lab, generation)?.desired).toBe(3);
    await ensureLabPool(lab, spec);
    expect(await withKube(lab, async kube => (await listNodes(kube)).map(({ name }) => name))).not.toContain(
      `${generation}-0`,
    );
  });

  it("go with all their nodes, and may go twice", async () => {
    await deleteLabPool(lab, generation);
    await deleteLabPool(lab, generation);
    expect(readLabPool(lab, generation)).toBeUndefined();
    expect(await withKube(lab, kube => listNodes(kube))).toEqual([]);
  });
});
