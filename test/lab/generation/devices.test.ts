import { listNodes } from "../../../kube";
import { ensureLab, ensureLabPool, type LabPoolSpec } from "../../../lab";
import { type GenerationProof, proveGeneration } from "../../../operations/generation/prove";
import type { CloudLive } from "../../../operations/ports";
import { NEW, run, useTemporaryLabs, withKube } from "../../support/temporaryLabs";

useTemporaryLabs();

const LAB = "devices";
const GPU = "nvidia.com/gpu";
const SIZE = { min: 2, max: 2 };
const TAINT = { key: GPU, value: "present", effect: "NoSchedule" } as const;
const UNPROVEN = { key: "changeover.dev/unproven", effect: "NoSchedule" } as const;

/** Nothing is resized here: the pool has its nodes from the start. */
const live = { poolSize: () => Promise.resolve(SIZE.min) } as unknown as CloudLive;

const poolOf = (generation: string, machine: string): LabPoolSpec => ({
  ...{ generation, machine, pool: generation, version: NEW, size: SIZE },
  ...{ zones: [], labels: {}, taints: [TAINT, UNPROVEN] },
});

const prove = (generation: string, timeoutSeconds: number): Promise<GenerationProof> =>
  withKube(LAB, kube =>
    proveGeneration(
      { kube, live, now: Date.now, log: () => undefined },
      {
        ...{ connection: { cloud: "lab", name: LAB }, pool: generation, generation, version: NEW },
        ...{ size: SIZE, timeoutSeconds, expects: { [GPU]: 1 }, taintKeys: [GPU] },
      },
      AbortSignal.timeout(60_000),
    ),
  );

describe("a new generation of tainted machines that config expects devices of", () => {
  beforeAll(async () => {
    await ensureLab({ name: LAB, version: NEW }, run());
  });

  it("is proven by a pod on each once the devices are allocatable, which is after its nodes are Ready", async () => {
    await ensureLabPool(LAB, poolOf("gpu-1-36-aaaaaa", "lab.gpu"), run());
    expect(await prove("gpu-1-36-aaaaaa", 40)).toEqual({ nodes: 2, probed: 2 });
    const nodes = await withKube(LAB, kube => listNodes(kube));
    expect(nodes.map(({ allocatable }) => allocatable.other[GPU])).toEqual([1, 1]);
  });

  it("is not proven where no device ever comes, and the refusal says who has to bring it", async () => {
    await ensureLabPool(LAB, poolOf("cpu-1-36-bbbbbb", "lab.medium"), run());
    const refused = prove("cpu-1-36-bbbbbb", 4);
    await expect(refused).rejects.toThrow(
      /GenerationGate\.NotReady.*has 0 of 1 nvidia\.com\/gpu allocatable/,
    );
    await expect(refused).rejects.toThrow("whose DaemonSet must tolerate changeover.dev/unproven");
  });
});
