import type { KubeCall, KubeClient } from "../../../kube/client";
import { KubeError } from "../../../kube/kubeError";
import { acquireLease, type LeaseKeeper, type LeaseOutcome } from "../../../kube/leaseKeeper";

interface Stored {
  metadata: { resourceVersion: string };
  spec: { holderIdentity?: string | null; leaseTransitions?: number; leaseDurationSeconds?: number };
}

/** One lease with optimistic locking; `fault` may throw instead of answering, before or after the write. */
const startLeaseServer = () => {
  const server = {
    lease: undefined as Stored | undefined,
    fault: (_call: KubeCall, _moment: "before" | "after"): void => undefined,
  };
  let version = 0;
  const write = (spec: Stored["spec"]): Stored => {
    server.lease = {
      metadata: { resourceVersion: String(++version) },
      spec: { ...server.lease?.spec, ...spec },
    };
    return server.lease;
  };
  const create = (spec: Stored["spec"]): Stored => {
    if (server.lease === undefined) return write(spec);
    throw new KubeError({ kind: "alreadyExists", message: "exists", status: 409 });
  };
  const swap = (body: Stored): Stored => {
    if (server.lease?.metadata.resourceVersion === body.metadata.resourceVersion) return write(body.spec);
    throw new KubeError({ kind: "conflict", message: "conflict", status: 409 });
  };
  const read = (): Stored => {
    if (server.lease !== undefined) return server.lease;
    throw new KubeError({ kind: "notFound", message: "none", status: 404, reason: "NotFound" });
  };
  const answer = (call: KubeCall): unknown => {
    server.fault(call, "before");
    const body = call.body as Stored;
    const result = call.method === "GET" ? read() : call.method === "POST" ? create(body.spec) : swap(body);
    server.fault(call, "after");
    return result;
  };
  const kube: KubeClient = {
    server: "leases",
    request: <T>(call: KubeCall) => Promise.resolve().then(() => structuredClone(answer(call)) as T),
    watch: () => {
      throw new Error("no watch here");
    },
    close: () => Promise.resolve(),
  };
  return { server, kube, steal: () => write({ holderIdentity: "thief", leaseTransitions: 99 }) };
};

const cut = new KubeError({ kind: "unreachable", message: "cut", mayHaveApplied: true });
const keepers: LeaseKeeper[] = [];
let world = startLeaseServer();
beforeEach(() => (world = startLeaseServer()));
afterEach(async () => {
  world.server.fault = () => undefined;
  await Promise.all(keepers.splice(0).map(keeper => keeper.release()));
});

const acquire = async (
  holder: string,
  more: { seconds?: number; deadlineMs?: number; signal?: AbortSignal } = {},
) => {
  const claim = { namespace: "ns", name: "l", holder, durationSeconds: more.seconds ?? 60 };
  const signal = more.signal ?? new AbortController().signal;
  const outcome = await acquireLease(world.kube, claim, { signal, deadlineMs: more.deadlineMs ?? 5_000 });
  if (outcome.kind === "held") keepers.push(outcome.keeper);
  return outcome;
};
const keeperOf = (outcome: LeaseOutcome): LeaseKeeper => {
  if (outcome.kind !== "held") throw new Error(`not held: ${outcome.kind}`);
  return outcome.keeper;
};
const until = async (holds: () => boolean): Promise<void> => {
  while (!holds()) await new Promise(resolve => setImmediate(resolve));
};

describe("a lease", () => {
  it("is taken when nobody ever held it", async () => {
    const keeper = keeperOf(await acquire("one"));
    expect([keeper.transitions, keeper.valid(), world.server.lease?.spec.holderIdentity]).toEqual([
      1,
      true,
      "one",
    ]);
  });

  it("is taken by exactly one of many", async () => {
    const names = ["one", "two", "three", "four"];
    const outcomes = await Promise.all(names.map(name => acquire(name, { deadlineMs: 0 })));
    expect(outcomes.filter(({ kind }) => kind === "held")).toHaveLength(1);
  });

  it("#100 is refused with its holder's name while that one shows life", async () => {
    await acquire("one");
    const outcome = await acquire("two", { deadlineMs: 0 });
    expect(outcome).toMatchObject({ kind: "busy", record: { holder: "one" } });
  });

  it("goes to the next at once after a release, with a higher fencing number", async () => {
    await keeperOf(await acquire("one")).release();
    expect(keeperOf(await acquire("two")).transitions).toBe(2);
  });

  it("goes to the next when its holder died, after the lease's own time by our own watch", async () => {
    world.server.lease = {
      metadata: { resourceVersion: "x" },
      spec: { holderIdentity: "dead", leaseTransitions: 4, leaseDurationSeconds: 1 },
    };
    const start = performance.now();
    expect(keeperOf(await acquire("two")).transitions).toBe(5);
    expect(performance.now() - start).toBeGreaterThanOrEqual(1_000);
  });

  it("is ours when only the answer to our taking it was lost", async () => {
    let cuts = 0;
    world.server.fault = (call, moment) => {
      if (call.method === "POST" && moment === "after" && cuts++ === 0) throw cut;
    };
    const keeper = keeperOf(await acquire("one"));
    expect([keeper.transitions, cuts]).toEqual([1, 1]);
  });

  it("#100 is lost when another run took it, and then left alone", async () => {
    const keeper = keeperOf(await acquire("one", { seconds: 0.3 }));
    world.steal();
    await until(() => keeper.lost.aborted);
    await keeper.release();
    expect([keeper.valid(), world.server.lease?.spec.holderIdentity]).toEqual([false, "thief"]);
  });

  it("#100 is not valid while the server cannot be reached, and valid again after", async () => {
    const keeper = keeperOf(await acquire("one", { seconds: 0.3 }));
    world.server.fault = () => {
      throw cut;
    };
    await until(() => !keeper.valid());
    world.server.fault = () => undefined;
    await until(() => keeper.valid());
    expect(keeper.lost.aborted).toBe(false);
  });

  it("survives that somebody else edits its labels", async () => {
    const keeper = keeperOf(await acquire("one", { seconds: 0.3 }));
    let edits = 0;
    world.server.fault = (call, moment) => {
      if (
        call.method === "PATCH" &&
        moment === "before" &&
        edits++ === 0 &&
        world.server.lease !== undefined
      ) {
        world.server.lease.metadata.resourceVersion = "edited";
      }
    };
    await until(() => edits > 1);
    expect([keeper.lost.aborted, keeper.valid()]).toEqual([false, true]);
  });

  it("is not waited for after the signal", async () => {
    await acquire("one");
    expect(await acquire("two", { signal: AbortSignal.abort() })).toEqual({ kind: "aborted" });
  });
});
