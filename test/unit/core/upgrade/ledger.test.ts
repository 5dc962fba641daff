import fc from "fast-check";
import {
  EMPTY_LEDGER,
  type Ledger,
  mayComplete,
  mayDelete,
  parseLedger,
  recordActivation,
  recordCompleted,
  recordMigrated,
  recordMoving,
  recordReached,
  recordSoaked,
  recordValidated,
  serialiseLedger,
} from "../../../../core/upgrade/ledger";

const at = "2026-11-21T00:00:00Z";
const activate = (ledger: Ledger, generation: string, removing = false): Ledger =>
  recordActivation(ledger, { pool: "workers", generation, removing, at });
const epochOf = (ledger: Ledger): number => ledger.pools["workers"]?.epoch ?? 0;

/** Everything done for the present epoch. */
const complete = (ledger: Ledger, percent = 100): Ledger => {
  const epoch = epochOf(ledger);
  const moved = recordMigrated(ledger, "workers", { epoch, percent });
  const proven = recordSoaked(recordValidated(moved, "workers", epoch), "workers", epoch);
  return recordCompleted(proven, { workers: epoch });
};
const HAPPEN: Record<string, (ledger: Ledger) => Ledger> = {
  blue: ledger => activate(ledger, "blue"),
  green: ledger => activate(ledger, "green"),
  whole: ledger => complete(ledger),
  quarter: ledger => complete(ledger, 25),
};
const blue = complete(activate(EMPTY_LEDGER, "blue"));
const green = activate(blue, "green");

const NOON = "2026-11-21T12:00:00Z";

describe("an activation", () => {
  it("counts, remembers what was before, and drops every proof", () => {
    expect(green.pools["workers"]).toEqual({ active: "green", epoch: 2, activatedAt: at, previous: "blue" });
  });

  it("counts even for the same generation", () => {
    expect(activate(green, "green").pools["workers"]).toMatchObject({ epoch: 3, previous: "blue" });
  });

  it("leaves other pools alone", () => {
    const two = recordActivation(blue, { pool: "gpu", generation: "g", removing: false, at });
    expect(two.pools["workers"]).toEqual(blue.pools["workers"]);
  });
});

describe("a move in waves", () => {
  const sizeOf = (ledger: Ledger): number | undefined => ledger.pools["workers"]?.moving?.nodes;
  const begun = recordMoving(blue, "workers", { to: "green", nodes: 6 });

  it("keeps the size it began with over activations and turns, until it is over", () => {
    const turned = recordMoving(activate(begun, "green"), "workers", { to: "blue", nodes: 4 });
    expect(turned.pools["workers"]?.moving).toEqual({ to: "blue", nodes: 6 });
    const home = activate(turned, "blue");
    expect(sizeOf(home)).toBe(6);
    expect(sizeOf(recordMigrated(home, "workers", { epoch: epochOf(home), percent: 100 }))).toBeUndefined();
  });

  it("is not over by the proof of another epoch", () => {
    const moving = activate(begun, "green");
    expect(sizeOf(recordMigrated(moving, "workers", { epoch: 1, percent: 100 }))).toBe(6);
  });

  it("of a pool that nobody activated is not noted", () => {
    expect(recordMoving(EMPTY_LEDGER, "workers", { to: "green", nodes: 6 })).toEqual(EMPTY_LEDGER);
  });
});

describe("a proof", () => {
  it("for an epoch that is over changes nothing", () => {
    expect(recordMigrated(green, "workers", { epoch: 1, percent: 100 })).toEqual(green);
    expect(recordValidated(green, "workers", 1)).toEqual(green);
    expect(recordSoaked(green, "workers", 1)).toEqual(green);
    expect(recordCompleted(green, { workers: 1, gpu: 1 })).toEqual(green);
  });

  it("of the same share again keeps what came after it", () => {
    const done = complete(green);
    expect(recordMigrated(done, "workers", { epoch: 2, percent: 100 })).toEqual(done);
  });

  it("of another share drops what was validated before it", () => {
    const quarter = complete(green, 25);
    const all = recordMigrated(quarter, "workers", { epoch: 2, percent: 100 });
    expect(all.pools["workers"]).toMatchObject({ migrated: 2, percent: 100 });
    expect(mayComplete(all, { workers: 2 })).toMatchObject([{ code: "Completion.Unproven" }]);
  });
});

describe("completion", () => {
  it("is refused while a step of this epoch is missing, naming it", () => {
    const moved = recordMigrated(green, "workers", { epoch: 2, percent: 100 });
    expect(mayComplete(moved, { workers: 2 })).toMatchObject([
      { code: "Completion.Unproven", message: 'pool "workers" is not validated, not soaked in epoch 2' },
    ]);
  });
  it("is refused for another run's epoch", () => {
    expect(mayComplete(green, { workers: 1 })).toMatchObject([{ code: "Completion.StaleEpoch" }]);
  });
  it("is granted when all is proven", () => {
    expect(mayComplete(complete(green), { workers: 2 })).toEqual([]);
  });
});

describe("letting a generation go", () => {
  it("needs the completion record of the present epoch", () => {
    expect(mayDelete(green, "workers", "blue")?.code).toBe("Interlock.NotCompleted");
    expect(mayDelete(complete(green), "workers", "blue")).toBeUndefined();
  });
  it("is not satisfied by the record of an older one", () => {
    expect(mayDelete(activate(complete(green), "green"), "workers", "blue")?.code).toBe(
      "Interlock.NotCompleted",
    );
  });
  it("never applies to the generation in use", () => {
    expect(mayDelete(complete(green), "workers", "green")?.code).toBe("Interlock.StillActive");
  });
  it("needs everything moved", () => {
    expect(mayDelete(complete(green, 25), "workers", "blue")?.code).toBe("Interlock.NotAllMoved");
  });
  it("applies to the last generation of a pool that was emptied on purpose", () => {
    const removing = activate(blue, "blue", true);
    expect(mayDelete(removing, "workers", "blue")?.code).toBe("Interlock.NotCompleted");
    expect(mayDelete(complete(removing), "workers", "blue")).toBeUndefined();
  });
  it("is refused for a pool nobody recorded", () => {
    expect(mayDelete(EMPTY_LEDGER, "workers", "blue")?.code).toBe("Interlock.NoRecord");
  });

  it("is granted exactly when the last thing that happened is a whole completion", () => {
    const happenings = fc.array(fc.constantFrom("blue", "green", "whole", "quarter"), { maxLength: 20 });
    fc.assert(
      fc.property(happenings, names => {
        const ledger = ["blue", ...names].reduce(
          (before, name) => HAPPEN[name]?.(before) ?? before,
          EMPTY_LEDGER,
        );
        const other = ledger.pools["workers"]?.active === "blue" ? "green" : "blue";
        expect(mayDelete(ledger, "workers", other) === undefined).toBe(names[names.length - 1] === "whole");
      }),
    );
  });
});

describe("the version that was reached", () => {
  const at135 = recordReached(EMPTY_LEDGER, { version: "1.35", stage: "final", at: NOON });

  it("notes neither origin nor time for a cluster made at it", () => {
    expect(at135.reached).toEqual({ version: "1.35", stage: "final" });
  });
  it("notes where a new minor came from and when, and keeps both while the minor stays", () => {
    const at136 = recordReached(at135, { version: "1.36", stage: "final", at: NOON });
    expect(at136.reached).toEqual({ version: "1.36", stage: "final", from: "1.35", at: NOON });
    const patched = recordReached(at136, { version: "1.36.4", stage: "final", at: "2026-11-30T12:00:00Z" });
    expect(patched.reached).toEqual({ version: "1.36.4", stage: "final", from: "1.35", at: NOON });
  });
});

describe("the ledger's text", () => {
  it("reads back as the same ledger, and is the same whatever the order of keys", () => {
    const full = recordReached(complete(green), { version: "1.36", stage: "final", at: NOON });
    expect(parseLedger(serialiseLedger(full))).toEqual({ ok: true, value: full });
    const reordered = Object.fromEntries(Object.entries(full).reverse()) as unknown as Ledger;
    expect(serialiseLedger(reordered)).toBe(serialiseLedger(full));
  });
  it("absent is an empty ledger", () => {
    expect(parseLedger(undefined)).toEqual({ ok: true, value: EMPTY_LEDGER });
  });
  it.each(["", "{", "[]", "{}", '{"pools":{"w":{}}}', '{"pools":{"w":{"active":"a","epoch":1.5}}}', "null"])(
    "that is no ledger is refused: %p",
    text => {
      expect(parseLedger(text)).toMatchObject({ ok: false, problems: [{ code: "Ledger.Unreadable" }] });
    },
  );
});
