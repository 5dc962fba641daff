import { parseStack, type StackSpec } from "../../../../core/config";
import { applyEdits } from "../../../../core/config/applyEdits";
import { asWritten } from "../../../../core/config/asWritten";
import { type Edit, planHold, planRetire } from "../../../../core/config/edit";
import { describePins, planPins } from "../../../../core/config/pin";
import { planRollback, poolsNamed, type RollbackTarget } from "../../../../core/config/rollback";
import { generationId } from "../../../../core/identity/generation";
import type { Problem } from "../../../../core/problem";
import type { Result } from "../../../../core/result";
import { eksCluster, eksWorkers } from "../../../support/eksStack";

type Raw = Readonly<Record<string, unknown>>;

const size = { min: 1, max: 2 };
const block = { size, machine: "lab.large", zones: ["a", "b"], perZone: true };
const raw = (workers: Raw, version = "1.36"): Raw => ({
  cluster: { name: "local", cloud: "lab", version },
  pools: { api: { size }, workers },
});

const parse = (config: Raw): StackSpec => {
  const parsed = parseStack(config);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems, null, 1));
  return parsed.value;
};

const must = (result: Result<readonly Edit[]>): readonly Edit[] => {
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.value;
};

const idsOf = ({ pools }: StackSpec): readonly string[] =>
  pools.filter(pool => pool.block === "workers").map(pool => generationId("local", pool));

const targetsOf = (
  stack: StackSpec,
  pools = ["workers-a", "workers-b"],
): Readonly<Record<string, RollbackTarget>> =>
  Object.fromEntries(
    stack.pools
      .filter(({ name }) => pools.includes(name))
      .map(pool => [pool.name, { generation: generationId("local", pool), kubelets: ["v1.35.8"] }]),
  );

const backup = { kind: "none" };

describe("commands edit the block, for all its pools", () => {
  it("pin looks up and writes one image", () => {
    const workers = { ...eksWorkers("1.36.1-20261001"), perZone: true };
    const planned = planPins({ cluster: eksCluster("eu", "1.36"), pools: { workers }, backup }, ["workers"]);
    const wishes = planned.ok ? planned.value.wishes : [];
    expect(wishes).toEqual([
      { pool: "workers", version: "1.36", machine: "m7i.large", image: "1.36.1-20261001" },
    ]);
    expect(describePins(wishes, ["1.36.4-20261105"])).toMatchObject([
      { path: ["pools", "workers", "image"], value: "1.36.4-20261105" },
    ]);
  });

  it("and a pool of one zone is not a block: those that are there are named", () => {
    const fault = { ok: false, problems: [{ message: 'found "workers-a"; pools are api, workers' }] };
    expect(planHold(parse(raw(block)), "workers-a")).toMatchObject(fault);
    const eks = { ...eksWorkers("1.36.1-20261001"), perZone: true };
    const config = {
      cluster: eksCluster("eu", "1.36"),
      pools: { api: eksWorkers("1.36.1-20261001"), workers: eks },
      backup,
    };
    expect(planPins(config, ["workers-a"])).toMatchObject(fault);
  });

  it("hold keeps the generation of each zone", () => {
    const before = parse(raw(block));
    const held = applyEdits(raw(block), must(planHold(before, "workers")));
    const later = parse({ ...held, cluster: { name: "local", cloud: "lab", version: "1.37" } });
    expect(later.pools.map(({ hold }) => hold)).toEqual([false, true, true]);
    expect(idsOf(later)).toEqual(idsOf(before));
  });
});

describe("a staged block with perZone", () => {
  const staged = { ...block, version: "1.35", strategy: { kind: "staged" } };
  const before = parse(raw(staged));
  const retired = applyEdits(raw(staged), must(planRetire(before, "workers", { version: "1.36" })));
  const moved = parse(retired);

  it("retires the generation of each zone under its own pool", () => {
    expect(moved.pools.map(({ retiring }) => retiring.map(({ generation }) => generation))).toEqual([
      [],
      ...idsOf(before).map(id => [id]),
    ]);
    expect(moved.pools.map(({ version }) => version)).toEqual(["1.36", "1.36", "1.36"]);
  });

  it("swaps all of them back", () => {
    const back = parse(applyEdits(retired, must(planRollback(moved, targetsOf(before)))));
    expect(idsOf(back)).toEqual(idsOf(before));
    expect(back.pools.flatMap(({ retiring }) => retiring)).toMatchObject(
      idsOf(moved).map(generation => ({ generation, drainPercent: 100 })),
    );
  });
});

describe("rollback of a block with perZone", () => {
  const before = parse(raw(block, "1.35"));

  it("is one line for all zones", () => {
    const [a = "", b = ""] = idsOf(before);
    expect(planRollback(parse(raw(block)), targetsOf(before))).toEqual({
      ok: true,
      value: [{ path: ["pools", "workers", "version"], value: "1.35", why: `back to ${a}, ${b}` }],
    });
  });

  it("does nothing when config already says so", () => {
    expect(planRollback(before, targetsOf(before))).toEqual({ ok: true, value: [] });
  });

  it("is refused where one zone has no old nodes, or others", () => {
    const refused = { ok: false, problems: [{ code: "Edit.ZonesApart", path: "pools.workers" }] };
    expect(planRollback(parse(raw(block)), targetsOf(before, ["workers-a"]))).toMatchObject(refused);
    const patched = parse(raw({ ...block, version: "1.35.8" }, "1.36"));
    const mixed = { ...targetsOf(before, ["workers-a"]), ...targetsOf(patched, ["workers-b"]) };
    expect(planRollback(parse(raw(block)), mixed)).toMatchObject(refused);
  });

  it("is asked for by the block's name, and looked up by those of its pools", () => {
    expect(poolsNamed(before, ["api", "workers", "gone"])).toEqual(["api", "workers-a", "workers-b", "gone"]);
  });
});

describe("problems found later", () => {
  const { pools } = parse(raw(block));
  const about = (pool: string, over: Partial<Problem> = {}): Problem => ({
    code: "Eks.NoRelease",
    path: `pools.${pool}.image`,
    message: "found x",
    fix: `change pools.${pool}.image`,
    ...over,
  });

  it("point at the block, once", () => {
    expect(asWritten(pools, [about("workers-a"), about("workers-b")])).toEqual([about("workers")]);
  });

  it("stay two where they say different things", () => {
    const found = [
      about("workers-a", { message: "a has none" }),
      about("workers-b", { message: "b has none" }),
    ];
    expect(asWritten(pools, found).map(({ path }) => path)).toEqual([
      "pools.workers.image",
      "pools.workers.image",
    ]);
  });

  it("name the command's pool as the command takes it, and no place in a list that is another", () => {
    const path = "pools.workers-b.retiring.0.spec.version";
    expect(
      asWritten(pools, [about("x", { path, fix: "`changeover retire workers-b` writes it" })]),
    ).toMatchObject([{ path: "pools.workers.retiring", fix: "`changeover retire workers` writes it" }]);
  });

  it("are not renamed twice where one block is called as another's pool", () => {
    const nested = [
      { name: "x-y", block: "x" },
      { name: "x-y-a", block: "x-y" },
    ];
    expect(asWritten(nested, [about("x-y-a"), about("x-y")])).toEqual([about("x-y"), about("x")]);
  });

  it("leave other pools alone", () => {
    const others = [
      about("api", { path: "pools.api.retiring.0" }),
      about("workers-ab"),
      about("workers-a-b"),
    ];
    expect(asWritten(pools, others)).toEqual(others);
    expect(asWritten([{ name: "workers-a" }], [about("workers-a")])).toEqual([about("workers-a")]);
  });
});
