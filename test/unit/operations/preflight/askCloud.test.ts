import { parseStack } from "../../../../core/config";
import { connectionOf } from "../../../../core/config/connection";
import { EMPTY_LEDGER } from "../../../../core/upgrade/ledger";
import type { ObservedCluster } from "../../../../core/upgrade/cluster";
import { desiredOf } from "../../../../core/upgrade/desired";
import { KubeError } from "../../../../kube";
import type { CloudReadiness, WantedAtCloud } from "../../../../operations/ports";
import { askCloud } from "../../../../operations/preflight/askCloud";

const NOW = Date.parse("2026-11-01T00:00:00Z");

const parsed = parseStack({
  cluster: { name: "c", cloud: "lab", version: "1.36" },
  pools: { workers: { size: { min: 2, max: 6 } } },
});
if (!parsed.ok) throw new Error("refused");
const stack = parsed.value;
const desired = desiredOf(stack, { kubeletMayTrail: 3, controlPlaneBack: "none" });
const wanted = { connection: connectionOf(stack.cluster), desired, seconds: { least: 600, most: 7_200 } };

const there = (binary: string, generation: string): ObservedCluster => ({
  version: { binary },
  nodes: [0, 1].map(index => ({
    ...{ name: `n${String(index)}`, kubelet: `v${binary}`, ready: true, schedulable: true },
    ...{ pool: "workers", generation },
  })),
  ledger: EMPTY_LEDGER,
});

const green = desired.generations["workers"] ?? "";

const ask = async (
  observed: ObservedCluster,
  answer: () => Promise<CloudReadiness>,
  cluster: Partial<typeof stack.cluster> = {},
) => {
  const asked: WantedAtCloud[] = [];
  const readiness = (question: WantedAtCloud): Promise<CloudReadiness> => {
    asked.push(question);
    return answer();
  };
  const port = { live: { readiness }, now: () => NOW };
  const said = await askCloud(
    port,
    { ...wanted, desired: { ...desired, cluster: { ...desired.cluster, ...cluster } }, observed },
    new AbortController().signal,
  );
  return { said, asked };
};

const fine = (): Promise<CloudReadiness> => Promise.resolve({ blockers: [], warnings: [] });
const ending = (identityEnds: string) => () => Promise.resolve({ blockers: [], warnings: [], identityEnds });

describe("what the cloud is asked before anything changes", () => {
  it("is the whole desired state, with what is to come beside what is there", async () => {
    const { asked } = await ask(there("1.35.8", "blue"), fine);
    expect(asked).toMatchObject([
      { live: "1.35.8", cluster: { version: "1.36" }, toCome: [{ pool: "workers", count: 2 }] },
    ]);
  });

  it("is nothing where nothing moves, so that an idle preview costs no call", async () => {
    expect((await ask(there("1.36.4", green), fine)).asked).toEqual([]);
  });

  it("is how long there is a way back, wherever the control plane shall emulate", async () => {
    expect((await ask(there("1.36.4", green), fine, { stage: "emulated" })).asked).toHaveLength(1);
  });

  it("is asked where a setting of the cluster was edited, though nothing moves by it", async () => {
    const asked: WantedAtCloud[] = [];
    const readiness = (question: WantedAtCloud): Promise<CloudReadiness> => {
      asked.push(question);
      return fine();
    };
    const port = { live: { readiness }, now: () => NOW };
    const observed = there("1.36.4", green);
    await askCloud(port, { ...wanted, observed, edited: true }, new AbortController().signal);
    await askCloud(port, { ...wanted, observed, edited: false }, new AbortController().signal);
    expect(asked).toMatchObject([{ live: "1.36.4", toCome: [] }]);
  });

  it("is asked for a pool alone, and for a cluster that is not there yet", async () => {
    expect((await ask(there("1.36.4", "blue"), fine)).asked).toHaveLength(1);
    const none = { nodes: [], ledger: EMPTY_LEDGER };
    expect((await ask(none, fine)).asked[0]).not.toHaveProperty("live");
  });

  it("is asked where config has add-ons, whatever moves: only the cloud knows their versions", async () => {
    const asked: WantedAtCloud[] = [];
    const readiness = (question: WantedAtCloud): Promise<CloudReadiness> => {
      asked.push(question);
      return fine();
    };
    const addOns = { coredns: { owner: "cloud" } } as const;
    const stated = { ...wanted, desired: { ...desired, addOns }, observed: there("1.36.4", green) };
    await askCloud({ live: { readiness }, now: () => NOW }, stated, new AbortController().signal);
    expect(asked).toMatchObject([{ addOns }]);
  });

  it("and an outage of the cloud is said, not taken for a yes", async () => {
    const down = (): Promise<never> =>
      Promise.reject(new KubeError({ kind: "unreachable", message: "no answer" }));
    const { said } = await ask(there("1.35.8", "blue"), down);
    expect(said.blockers).toEqual([]);
    expect(said.warnings).toMatchObject([{ code: "Preflight.CloudNotAsked" }]);
  });

  it("and a bug stays a bug", async () => {
    await expect(ask(there("1.35.8", "blue"), () => Promise.reject(new TypeError("oops")))).rejects.toThrow(
      "oops",
    );
  });
});

describe("credentials that end", () => {
  it.each([
    ["before the shortest run can be over: refused", "2026-11-01T00:09:59Z", 1, 0],
    ["inside the longest run: said", "2026-11-01T01:59:59Z", 0, 1],
    ["after it: nothing", "2026-11-01T02:00:00Z", 0, 0],
  ])("%s", async (_what, ends, ...[blockers, warnings]) => {
    const { said } = await ask(there("1.35.8", "blue"), ending(ends));
    expect(said.blockers).toHaveLength(blockers);
    expect(said.warnings).toHaveLength(warnings);
    for (const problem of [...said.blockers, ...said.warnings]) {
      expect(problem.code).toBe("Preflight.CredentialsEnd");
      expect(problem.message).toContain(ends);
    }
  });
});
