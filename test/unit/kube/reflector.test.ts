import fc from "fast-check";
import { KubeError } from "../../../kube/kubeError";
import { startReflector, type Reflector } from "../../../kube/reflector";
import type { Identified } from "../../../kube/store";
import { startModelServer, type ModelServer } from "./modelServer";

interface Thing extends Identified {
  readonly value: number;
}

const project = (raw: unknown): Thing => {
  const { metadata, value } = raw as { metadata: Identified; value: number };
  return { ...metadata, value };
};

interface Run {
  readonly model: ModelServer;
  readonly reflector: Reflector<Thing>;
  readonly heard: string[];
  readonly errors: string[];
  readonly stop: AbortController;
}

const start = (model = startModelServer(), idleMs?: number): Run => {
  const stop = new AbortController();
  const errors: string[] = [];
  const reflector = startReflector(model.kube, {
    path: "/things",
    project,
    signal: stop.signal,
    backoff: { minMs: 1, maxMs: 4 },
    ...(idleMs === undefined ? {} : { idleMs }),
    onError: error => errors.push(error.kind),
  });
  const heard: string[] = [];
  reflector.onChange(({ kind, object }) => heard.push(`${kind} ${object.name}=${String(object.value)}`));
  return { model, reflector, heard, errors, stop };
};

/** Waits for a condition, turn by turn of the event loop; jest's own deadline ends what never comes. */
const until = async (holds: () => boolean): Promise<void> => {
  while (!holds()) await new Promise(resolve => setImmediate(resolve));
};
const valuesOf = (reflector: Reflector<Thing>): Map<string, number> =>
  new Map([...reflector.snapshot().values()].map(({ name, value }) => [name, value]));
const agrees = ({ model, reflector }: Run): boolean => {
  const cached = valuesOf(reflector);
  const truth = model.truth();
  return cached.size === truth.size && [...truth].every(([name, value]) => cached.get(name) === value);
};

describe("a reflector", () => {
  let run: Run;
  beforeEach(() => {
    const model = startModelServer();
    for (const name of ["a", "b", "c", "d", "e"]) model.put(name, 0);
    run = start(model);
  });
  afterEach(() => run.stop.abort());

  it("lists page by page, then watches", async () => {
    await run.reflector.synced;
    await until(() => run.model.openWatches() === 1);
    expect(run.model.calls).toEqual(["list", "page", "page", "watch"]);
    expect(agrees(run)).toBe(true);
  });

  it("tells of changes in order", async () => {
    await until(() => run.model.openWatches() === 1);
    run.heard.length = 0;
    run.model.put("a", 1);
    run.model.remove("b");
    await until(() => run.heard.length === 2);
    expect(run.heard).toEqual(["set a=1", "gone b=0"]);
  });

  it("finds objects by name", async () => {
    await run.reflector.synced;
    expect([run.reflector.find("a", "a")?.value, run.reflector.find("zz", "a")]).toEqual([0, undefined]);
  });

  it("#106 resumes where it was after a cut line, and repeats nothing", async () => {
    await until(() => run.model.openWatches() === 1);
    run.model.put("a", 1);
    await until(() => run.heard.at(-1) === "set a=1");
    run.heard.length = 0;
    run.model.cut();
    run.model.put("b", 2);
    await until(() => agrees(run));
    expect([run.heard, run.model.calls.at(-1), run.errors]).toEqual([["set b=2"], "watch", ["unreachable"]]);
  });

  it("goes on without a fault after an orderly end", async () => {
    await until(() => run.model.openWatches() === 1);
    run.model.put("a", 1);
    await until(() => agrees(run));
    run.model.end();
    await until(() => run.model.calls.filter(call => call === "watch").length === 2);
    expect([run.errors, run.reflector.problem()]).toEqual([[], undefined]);
  });

  it("#106 lists again when its version is forgotten, and still tells who went", async () => {
    await until(() => run.model.openWatches() === 1);
    run.heard.length = 0;
    run.model.cut();
    run.model.remove("a");
    run.model.put("f", 6);
    run.model.compact();
    await until(() => agrees(run));
    expect(run.heard).toEqual(["gone a=0", "set f=6"]);
    expect(run.model.calls.filter(call => call === "list")).toHaveLength(2);
  });

  it("need not list again after a bookmark moved it past the forgotten part", async () => {
    await until(() => run.model.openWatches() === 1);
    run.model.put("a", 1);
    run.model.bookmark();
    await until(() => agrees(run));
    await new Promise(resolve => setImmediate(resolve));
    run.model.compact();
    run.model.cut();
    await until(() => run.model.calls.filter(call => call === "watch").length === 2);
    expect(run.model.calls.filter(call => call === "list")).toHaveLength(1);
  });

  it("#106 tells of both when an object was made again under its name while the line was down", async () => {
    await until(() => run.model.openWatches() === 1);
    run.heard.length = 0;
    run.model.cut();
    run.model.remove("a");
    run.model.put("a", 9);
    run.model.compact();
    await until(() => agrees(run));
    expect(run.heard).toEqual(["gone a=0", "set a=9"]);
  });

  it("says what is wrong while it cannot be fed, and forgets it when it can", async () => {
    await until(() => run.model.openWatches() === 1);
    run.model.failNext(new KubeError({ kind: "forbidden", message: "no" }));
    run.model.cut();
    await until(() => run.errors.includes("forbidden"));
    expect(run.reflector.problem()?.kind).toBe("forbidden");
    run.model.put("a", 3);
    await until(() => agrees(run));
    expect(run.reflector.problem()).toBeUndefined();
  });

  it("#106 counts the time since the server last said anything", async () => {
    await run.reflector.synced;
    await until(() => run.reflector.stale() > 20);
    run.model.put("a", 1);
    await until(() => agrees(run));
    expect(run.reflector.stale()).toBeLessThan(20);
  });

  it("stops listening when asked", async () => {
    await run.reflector.synced;
    const heard: string[] = [];
    run.reflector.onChange(change => heard.push(change.kind))();
    run.model.put("a", 1);
    await until(() => agrees(run));
    expect(heard).toEqual([]);
  });

  it("closes its watch when its signal fires", async () => {
    await until(() => run.model.openWatches() === 1);
    run.stop.abort();
    await until(() => run.model.openWatches() === 0);
    expect(run.errors).toEqual([]);
  });
});

it("starts its list again when a page is forgotten meanwhile", async () => {
  const model = startModelServer();
  for (const name of ["a", "b", "c"]) model.put(name, 0);
  model.expireNextPage();
  const run = start(model);
  await run.reflector.synced;
  expect(model.calls.slice(0, 4)).toEqual(["list", "page", "list", "page"]);
  run.stop.abort();
});

it("tells who waits for the first list when it is stopped before", async () => {
  const model = startModelServer();
  model.failNext(new KubeError({ kind: "unreachable", message: "down" }));
  const run = start(model);
  run.stop.abort();
  await expect(run.reflector.synced).rejects.toMatchObject({ kind: "aborted" });
});

describe("a line on which nothing comes", () => {
  const listsOf = ({ model }: Run): number => model.calls.filter(call => call === "list").length;

  it("is a reason to list anew, which is a word from the server", async () => {
    const run = start(startModelServer(), 20);
    await until(() => run.model.openWatches() === 1 && run.reflector.stale() >= 20);
    run.model.silence();
    await until(() => listsOf(run) === 2 && run.model.openWatches() === 1);
    expect(run.reflector.problem()).toBeUndefined();
    run.stop.abort();
  });

  it("is opened anew where it was when the last word is not so old", async () => {
    const run = start(startModelServer(), 60_000);
    await until(() => run.model.openWatches() === 1);
    run.model.silence();
    await until(() => run.errors.length === 1 && run.model.openWatches() === 1);
    expect(listsOf(run)).toBe(1);
    run.stop.abort();
  });
});

type Act = (model: ModelServer) => void;
const act: fc.Arbitrary<Act> = fc.oneof(
  fc.tuple(fc.constantFrom("a", "b", "c", "d"), fc.nat(9)).map(
    ([name, value]): Act =>
      model =>
        model.put(name, value),
  ),
  fc.constantFrom("a", "b", "c", "d").map(
    (name): Act =>
      model =>
        model.remove(name),
  ),
  fc.constantFrom<Act>(
    model => model.cut(),
    model => model.end(),
    model => model.compact(),
    model => model.bookmark(),
    model => model.expireNextPage(),
    model => model.failNext(new KubeError({ kind: "server", message: "busy", status: 500 })),
  ),
);

it("#106 always comes to hold what the server holds, and its changes add up to it", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(act, fc.nat(3)), { maxLength: 25 }), async acts => {
      const run = start();
      const folded = new Map<string, Thing>();
      run.reflector.onChange(({ kind, object }) => {
        if (kind === "set") folded.set(object.uid, object);
        else if (!folded.delete(object.uid)) throw new Error(`gone without having been: ${object.name}`);
      });
      for (const [next, turns] of acts) {
        next(run.model);
        for (let i = 0; i < turns; i++) await new Promise(resolve => setImmediate(resolve));
      }
      await until(() => agrees(run));
      expect(folded).toEqual(new Map(run.reflector.snapshot()));
      run.stop.abort();
    }),
    // A sequence that never comes to agree is told with its seed, well before jest's own deadline.
    { numRuns: 200, timeout: 30_000 },
  );
}, 120_000);
