import fc from "fast-check";
import { generationId, generationIdOf, generationInputs } from "../../../../core/identity/generation";
import { parseGenerationId } from "../../../../core/identity/names";

const bare = { name: "workers", version: "1.36", zones: [], labels: {}, taints: [] };
const word = fc.stringMatching(/^[a-z]{1,6}$/);
const source = fc.record({
  version: fc.constantFrom("1.35", "1.36", "1.36.4"),
  machine: fc.option(word, { nil: undefined }),
  image: fc.option(word, { nil: undefined }),
  zones: fc.uniqueArray(word, { maxLength: 4 }),
  labels: fc.dictionary(word, word, { maxKeys: 4 }),
  taints: fc.uniqueArray(fc.record({ key: word, effect: fc.constantFrom("NoSchedule", "NoExecute") }), {
    maxLength: 3,
    selector: taint => taint.key,
  }),
  respin: fc.option(word, { nil: undefined }),
});

describe("a generation's id", () => {
  it("is pinned: a release that changes it would replace every node of every user", () => {
    expect(generationId("eu-1", bare)).toBe("workers-1-36-49d913");
    expect(
      generationId("eu-1", {
        name: "gpu",
        version: "1.36.4",
        machine: "p5",
        image: "img-1",
        zones: ["b", "a"],
        labels: { team: "ml" },
        taints: [{ key: "gpu", value: "yes", effect: "NoSchedule" }],
        respin: "2",
      }),
    ).toBe("gpu-1-36-624ad6");
  });

  it("covers the names of listed machines, and not where they answer", () => {
    const at = (hosts: Record<string, string>): string => generationId("eu-1", { ...bare, hosts });
    expect(at({ w1: "10.0.0.21", w2: "10.0.0.22" })).toBe(at({ w2: "10.0.0.22:2222", w1: "w1.example" }));
    expect(at({ w1: "10.0.0.21" })).not.toBe(at({ w3: "10.0.0.21" }));
    expect(at({ w1: "10.0.0.21" })).not.toBe(generationId("eu-1", bare));
  });

  it("does not depend on the order of zones, labels and taints", () => {
    fc.assert(
      fc.property(source, given => {
        const reversed = {
          ...given,
          zones: [...given.zones].reverse(),
          labels: Object.fromEntries(Object.entries(given.labels).reverse()),
          taints: [...given.taints].reverse(),
        };
        expect(generationId("c", { name: "p", ...reversed })).toBe(
          generationId("c", { name: "p", ...given }),
        );
      }),
    );
  });

  it("survives a way through JSON with its keys in another order", () => {
    fc.assert(
      fc.property(source, given => {
        const inputs = generationInputs("c", "p", given);
        const travelled = Object.fromEntries(Object.entries(inputs).reverse()) as unknown as typeof inputs;
        expect(generationIdOf(JSON.parse(JSON.stringify(travelled)) as typeof inputs)).toBe(
          generationIdOf(inputs),
        );
      }),
    );
  });

  it("leaves absent and empty settings out of what is hashed", () => {
    expect(generationInputs("eu-1", "workers", bare)).toEqual({
      schema: 1,
      cluster: "eu-1",
      pool: "workers",
      version: "1.36",
    });
  });

  it.each([
    { version: "1.36.4" },
    { machine: "large" },
    { image: "r2" },
    { zones: ["a"] },
    { labels: { a: "b" } },
    { taints: [{ key: "a", effect: "NoSchedule" }] },
    { respin: "again" },
    { capacity: "spot" as const },
    { diskGiB: 100 },
    { launchTemplate: "lt-0a1b2c3d4e5f60718/4" },
    { accelerator: "nvidia-l4/1" },
    { name: "others" },
  ])("changes with %j", change => {
    expect(generationId("eu-1", { ...bare, ...change })).not.toBe(generationId("eu-1", bare));
  });

  it("is the same for machines on demand, said or not", () => {
    expect(generationId("eu-1", { ...bare, capacity: "onDemand" })).toBe(generationId("eu-1", bare));
  });

  it("does not change with the pool's size, which is resized in place", () => {
    const sized = { ...bare, size: { min: 3, max: 9 } };
    expect(generationId("eu-1", sized)).toBe(generationId("eu-1", bare));
  });

  it("tells two clusters apart", () => {
    expect(generationId("eu-2", bare)).not.toBe(generationId("eu-1", bare));
  });

  it("can be taken apart again, whatever the pool is called", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z]([a-z0-9-]{0,10}[a-z0-9])?$/), source, (pool, given) => {
        const read = parseGenerationId(generationId("c", { name: pool, ...given }));
        expect(read).toMatchObject({ pool, minor: given.version.slice(0, 4) });
      }),
    );
  });

  it.each(["workers", "workers-1-36", "workers-1-36-xyzxyz", "-1-36-abcdef", "Workers-1-36-abcdef"])(
    "is not %p",
    text => {
      expect(parseGenerationId(text)).toBeUndefined();
    },
  );
});
