import fc from "fast-check";
import { createMerge } from "../../../../lab/auditor/merge";
import type { Resource } from "../../../../lab/auditor/objects";
import { pod } from "./cluster";

const word = (version: number, at: number, resource: Resource = "pods") => {
  const raw = pod(`pod-${version}`);
  return {
    at,
    resource,
    change: "set" as const,
    initial: false,
    raw: { ...raw, metadata: { ...raw.metadata, resourceVersion: String(version) } },
  };
};
const versions = (
  words: readonly { readonly raw: { readonly metadata: { readonly resourceVersion: string } } }[],
) => words.map(seen => Number(seen.raw.metadata.resourceVersion));
const waits = { settleMs: 100, awayMs: 1000 };

describe("the order of words", () => {
  it("lets a word wait for an older one from another watch", () => {
    const merge = createMerge(waits);
    merge.push(word(8, 0));
    merge.push(word(7, 50, "deployments"));
    expect(versions(merge.release(99, true))).toEqual([]);
    expect(versions(merge.release(100, true))).toEqual([7, 8]);
  });

  it("holds every word while a watch is away, but not for ever", () => {
    const merge = createMerge(waits);
    merge.push(word(8, 0));
    expect(versions(merge.release(999, false))).toEqual([]);
    expect(versions(merge.release(1000, false))).toEqual([8]);
  });

  it("is that of the resourceVersions for all words that arrive within the wait, and loses none", () => {
    const arrivals = fc.uniqueArray(fc.record({ version: fc.nat(1000), delay: fc.nat(99) }), {
      selector: arrival => arrival.version,
    });
    fc.assert(
      fc.property(arrivals, list => {
        const merge = createMerge(waits);
        list.forEach(({ version, delay }) => merge.push(word(version, delay)));
        const out = [99, 150, 198, 199].flatMap(now => versions(merge.release(now, true)));
        expect(out).toEqual(
          list
            .map(one => one.version)
            .sort((a, b) => a - b)
            .filter(one => out.includes(one)),
        );
        expect(out.length).toBe(list.length);
      }),
    );
  });

  it("gives everything at the end", () => {
    const merge = createMerge(waits);
    merge.push(word(9, 0));
    merge.push(word(3, 0));
    expect(versions(merge.drain())).toEqual([3, 9]);
  });
});
