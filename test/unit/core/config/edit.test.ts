import { parseStack, type StackSpec } from "../../../../core/config";
import { type Edit, planHold, planRetire } from "../../../../core/config/edit";
import { planRollback } from "../../../../core/config/rollback";
import { generationId } from "../../../../core/identity/generation";

type Raw = Record<string, unknown>;
const cluster = { name: "local", cloud: "lab", version: "1.36" };
const workers: Raw = { size: { min: 2, max: 4 }, machine: "lab.large", zones: ["a", "b"] };
const raw = (pool: Raw): { cluster: Raw; pools: { workers: Raw } } => ({ cluster, pools: { workers: pool } });

const parse = (config: Raw): StackSpec => {
  const parsed = parseStack(config);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems, null, 1));
  return parsed.value;
};

/** What the command does with the text, done to the object. */
const apply = (config: { cluster: Raw; pools: { workers: Raw } }, edits: readonly Edit[]): Raw => {
  const pool = structuredClone(config.pools.workers);
  for (const { path, value } of edits) {
    const key = path[2] ?? "";
    if (value === undefined) Reflect.deleteProperty(pool, key);
    else pool[key] = value;
  }
  return raw(pool);
};

const must = (result: ReturnType<typeof planHold>): readonly Edit[] => {
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.value;
};
const idOf = (stack: StackSpec): string => {
  const [pool] = stack.pools;
  if (pool === undefined) throw new Error("no pool");
  return generationId(stack.cluster.name, pool);
};

describe("hold", () => {
  it("writes the version the pool follows now and keeps its generation when the cluster moves on", () => {
    const before = parse(raw(workers));
    const held = apply(raw(workers), must(planHold(before, "workers")));
    const later = parse({ ...held, cluster: { ...cluster, version: "1.37" } });
    expect(later.pools[0]).toMatchObject({ hold: true, version: "1.36" });
    expect(idOf(later)).toBe(idOf(before));
  });

  it("of a pool that isn't there names those that are", () => {
    expect(planHold(parse(raw(workers)), "gpu")).toMatchObject({
      ok: false,
      problems: [{ code: "Edit.NoPool", message: 'found "gpu"; pools are workers' }],
    });
  });
});

describe("retire", () => {
  const staged = { ...workers, version: "1.35", strategy: { kind: "staged" } };

  it("freezes the generation in use and moves the pool to the new version", () => {
    const before = parse(raw(staged));
    const after = parse(apply(raw(staged), must(planRetire(before, "workers", { version: "1.36" }))));
    expect(after.pools[0]).toMatchObject({
      version: "1.36",
      retiring: [{ generation: idOf(before), drainPercent: 0, release: false }],
    });
    expect(idOf(after)).not.toBe(idOf(before));
  });

  it("freezes all that its machines are made of", () => {
    const eks = {
      roleArn: "arn:aws:iam::111122223333:role/a",
      nodeRoleArn: "arn:aws:iam::111122223333:role/b",
      subnets: { a: "subnet-0a1b2c3d4e5f60001", b: "subnet-0a1b2c3d4e5f60002" },
    };
    const config = (pool: Raw) => ({
      cluster: { ...cluster, cloud: "eks", region: "eu-west-1", eks },
      pools: { workers: pool },
      backup: { kind: "none" },
    });
    const shape = { capacity: "spot", launchTemplate: "lt-0a1b2c3d4e5f60718/4", labels: { a: "b" } };
    const pool = { ...staged, ...shape, machine: "m7i.large", image: "1.35.1-20261105" };
    const edits = must(planRetire(parse(config(pool)), "workers", { image: "1.35.2-20261105" }));
    const after = parse({
      ...config(pool),
      ...(apply({ cluster, pools: { workers: pool } }, edits) as { pools: Raw }),
      cluster: config(pool).cluster,
    });
    expect(after.pools[0]?.retiring[0]).toMatchObject({ generation: idOf(parse(config(pool))), spec: shape });
  });

  it("moves to another image with the version, or to an image alone", () => {
    const imaged = { ...staged, image: "a" };
    const both = must(planRetire(parse(raw(imaged)), "workers", { version: "1.36", image: "b" }));
    expect(parse(apply(raw(imaged), both)).pools[0]).toMatchObject({
      version: "1.36",
      image: "b",
      retiring: [{ spec: { version: "1.35", image: "a" } }],
    });
    const alone = must(planRetire(parse(raw(imaged)), "workers", { image: "b" }));
    expect(alone.map(({ path }) => path.at(-1))).toEqual(["image", "retiring"]);
  });

  it.each([
    [workers, "1.35", "Retiring.NeedsStaged"],
    [staged, "v1", "Version.Unreadable"],
    [staged, "1.35", "Edit.NothingToDo"],
  ])("refuses what it can't mean (%#)", (pool, version, code) => {
    expect(planRetire(parse(raw(pool)), "workers", { version })).toMatchObject({
      ok: false,
      problems: [{ code }],
    });
  });

  it("can be swapped back, keeping both generations in config", () => {
    const before = parse(raw(staged));
    const config = apply(raw(staged), must(planRetire(before, "workers", { version: "1.36" }))) as ReturnType<
      typeof raw
    >;
    const moved = parse(config);
    const target = { workers: { generation: idOf(before), kubelets: ["v1.35.8"] } };
    const back = parse(apply(config, must(planRollback(moved, target))));
    expect(idOf(back)).toBe(idOf(before));
    expect(back.pools[0]?.retiring).toMatchObject([{ generation: idOf(moved), drainPercent: 100 }]);
  });
});

describe("rollback of a one-shot pool", () => {
  it("is one line when only the version differs", () => {
    const before = parse({ ...raw(workers), cluster: { ...cluster, version: "1.35" } });
    const target = { workers: { generation: idOf(before), kubelets: ["v1.35.8"] } };
    expect(planRollback(parse(raw(workers)), target)).toEqual({
      ok: true,
      value: [{ path: ["pools", "workers", "version"], value: "1.35", why: `back to ${idOf(before)}` }],
    });
  });

  it("finds the exact patch when the old config named one", () => {
    const before = parse(raw({ ...workers, version: "1.35.8" }));
    const target = { workers: { generation: idOf(before), kubelets: ["v1.35.8"] } };
    expect(must(planRollback(parse(raw(workers)), target))[0]?.value).toBe("1.35.8");
  });

  it("refuses when other settings differ too", () => {
    const target = { workers: { generation: "workers-1-35-000000", kubelets: ["v1.35.8"] } };
    expect(planRollback(parse(raw(workers)), target)).toMatchObject({
      ok: false,
      problems: [{ code: "Edit.OtherSettings" }],
    });
  });

  it("does nothing when config already says so", () => {
    const now = parse(raw(workers));
    expect(planRollback(now, { workers: { generation: idOf(now), kubelets: [] } })).toEqual({
      ok: true,
      value: [],
    });
  });
});
