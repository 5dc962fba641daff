import { planPool } from "../../../components/pool/poolPlan";
import { parseStack, type PoolSpec } from "../../../core/config";
import { generationId } from "../../../core/identity/generation";

const cluster = {
  ...{ name: "eu", cloud: "gke", version: "1.36", region: "europe-west1", project: "my-project" },
  gke: { serviceAccount: "gke-nodes@my-project.iam.gserviceaccount.com" },
};

const poolWith = (pool: object): PoolSpec => {
  const workers = {
    ...{ size: { min: 2, max: 4 }, machine: "n2-standard-2", zones: ["b"] },
    ...{ version: "1.35", image: "1.35.8-gke.1000000", ...pool },
  };
  const parsed = parseStack({ cluster, backup: { kind: "none" }, pools: { workers } });
  const spec = parsed.ok ? parsed.value.pools[0] : undefined;
  if (spec === undefined) throw new Error(JSON.stringify(parsed));
  return spec;
};

describe("a pool with adopted machines", () => {
  const first = generationId("eu", poolWith({}));
  const adopt = { name: "main-pool", generation: first };

  it("is the generation that its settings make, whether adopted or not", () => {
    expect(planPool("eu", poolWith({ adopt })).active).toMatchObject({ id: first, adopted: "main-pool" });
    expect(planPool("eu", poolWith({})).active.adopted).toBeUndefined();
  });

  it("makes the next generation by name as ever", () => {
    const next = planPool("eu", poolWith({ adopt, version: "1.36", image: "1.36.4-gke.1000000" }));
    expect(next.active.adopted).toBeUndefined();
  });

  it("still names the adopted machines while they are left in steps", () => {
    const old = poolWith({});
    const spec = {
      version: old.version,
      machine: old.machine,
      image: old.image,
      zones: ["b"],
      size: old.size,
    };
    const retiring = [{ generation: first, spec }];
    const moved = { version: "1.36", image: "1.36.4-gke.1000000", strategy: { kind: "staged" } };
    const plan = planPool("eu", poolWith({ ...moved, adopt, retiring }));
    expect(plan.active.adopted).toBeUndefined();
    expect(plan.retiring.map(({ id, adopted }) => [id, adopted])).toEqual([[first, "main-pool"]]);
  });
});
