import type { PodFact } from "../../../../core/drain/facts";
import { startTimes } from "../../../../operations/drain/startTimes";
import { gone, pod, set } from "../../../support/drainSimulator/builders";

const start = () => {
  const heard: (readonly [string, number])[] = [];
  const clock = { now: 0 };
  const times = startTimes(
    () => clock.now,
    (owner, ms) => void heard.push([owner, ms]),
  );
  const at = (now: number, name: string, more: Partial<PodFact> = {}): void => {
    clock.now = now;
    times.hear(set.pod(pod(name, more)));
  };
  return { times, heard, at };
};

describe("how long pods take to start", () => {
  it("is timed from the watch's first word of a pod until it is Ready, once", () => {
    const { times, heard, at } = start();
    times.begin();
    at(1_000, "new", { ready: false });
    at(2_000, "new", { ready: false, node: "green-0" });
    at(3_500, "new");
    at(4_000, "new", { ready: false });
    at(9_000, "new");
    expect(heard).toEqual([["rs-web", 2_500]]);
  });

  it("is not known of pods that were there before, or that are Ready when first seen", () => {
    const { times, heard, at } = start();
    at(0, "old", { ready: false });
    times.begin();
    at(3_000, "old");
    at(4_000, "quick");
    at(5_000, "quick", { ready: false });
    at(6_000, "quick");
    expect(heard).toEqual([]);
  });

  it("forgets a pod that goes before it is Ready, and one that nobody made", () => {
    const { times, heard, at } = start();
    times.begin();
    at(1_000, "gone", { ready: false });
    times.hear(gone(pod("gone")));
    at(2_000, "gone");
    at(2_000, "bare", { ready: false, owner: undefined });
    at(3_000, "bare", { owner: undefined });
    expect(heard).toEqual([]);
  });
});
