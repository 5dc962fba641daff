import { collectionPath, isKubeError, KINDS, type PodView } from "../../../../kube";
import { createBudget } from "../arena";
import { putBudget, putController } from "./benchPods";
import type { Bench } from "./benchSites";
import { FORCE, type LadderStory, ladderStory } from "./ladderStory";
import { drain } from "./benchDrain";
import { endingsOn, inArena, type Sighting, stage } from "./scene";

const createdAt = ({ createdAt: at }: PodView): number => Date.parse(at ?? "");

const endsOf = (story: LadderStory, app: string): readonly Sighting<PodView>[] => endingsOn(story.pods, app);

/** When the server was asked, to the second: it writes the end of the grace. */
const askedAt = ({ object: { deletionTimestamp = "", deletionGracePeriodSeconds = 0 } }: Sighting<PodView>) =>
  Date.parse(deletionTimestamp) - deletionGracePeriodSeconds * 1000;

/** Other pods of the app that were made before this one was to end, and had not gone. */
const siblingsOf = ({ pods }: LadderStory, app: string, end: Sighting<PodView>): readonly PodView[] => {
  const there = new Map<string, PodView>();
  for (const { at, gone, object } of pods.seen) {
    if (object.labels["app"] !== app || object.uid === end.object.uid || at > end.at) continue;
    if (gone) there.delete(object.uid);
    else there.set(object.uid, object);
  }
  return [...there.values()].filter(pod => createdAt(pod) < askedAt(end));
};

const waits = ({ both }: Bench): void => {
  both("#61 force waits until the budget has held a pod for long enough", async site => {
    const story = await ladderStory(site);
    expect(endsOf(story, "forced")).toHaveLength(2);
    for (const end of endsOf(story, "forced"))
      expect(end.at).toBeGreaterThanOrEqual(story.startedAt + FORCE.afterSeconds * 1000);
  });

  both("#61 force waits until the pod is old enough", async site => {
    const story = await ladderStory(site);
    for (const end of [...endsOf(story, "forced"), ...endsOf(story, "lately")])
      expect(askedAt(end)).toBeGreaterThanOrEqual(createdAt(end.object) + FORCE.minPodAgeSeconds * 1000);
  });

  both("#61 force waits until every sibling is old enough", async site => {
    const story = await ladderStory(site);
    const ends = endsOf(story, "forced");
    const siblings = ends.map(end => siblingsOf(story, "forced", end));
    expect(siblings.every(pods => pods.length > 0)).toBe(true);
    ends.forEach((end, index) =>
      siblings[index]?.forEach(pod =>
        expect(askedAt(end)).toBeGreaterThanOrEqual(
          createdAt(pod) + FORCE.minHealthySiblingAgeSeconds * 1000,
        ),
      ),
    );
  });

  both("#61 force waits after another of the same budget, also one of another run", async site => {
    const story = await ladderStory(site);
    const pause = FORCE.everySeconds * 1000;
    const [first = 0, second = 0] = story.forcedAt;
    expect(second - first).toBeGreaterThanOrEqual(pause);
    expect(endsOf(story, "lately")[0]?.at).toBeGreaterThanOrEqual(story.startedAt + pause);
  });

  both("#61 each force is an Event on its workload", async site => {
    const { forceEvents } = await ladderStory(site);
    expect([...forceEvents].sort()).toEqual(["Deployment forced", "Deployment forced", "Deployment lately"]);
  });
};

const graces = ({ both }: Bench): void =>
  both(
    "#58 force never kills with a grace of 0: a pod that has none of its own gets a second",
    async site => {
      const ends = endsOf(await ladderStory(site), "forced");
      expect(ends.map(({ object }) => [object.graceSeconds, object.deletionGracePeriodSeconds])).toEqual([
        [0, 1],
        [0, 1],
      ]);
    },
  );

const selectors = ({ both }: Bench): void => {
  both("#62 the server itself refuses a budget whose selector cannot be read", async ({ kube }) => {
    const selector = { matchExpressions: [{ key: "app", operator: "Perhaps", values: ["web"] }] };
    const refused = await kube
      .request({
        method: "POST",
        path: collectionPath(KINDS.budgets, "default"),
        body: { metadata: { name: "odd" }, spec: { maxUnavailable: 0, selector } },
      })
      .catch((error: unknown) => error);
    expect(isKubeError(refused, "invalid")).toBe(true);
  });

  both(
    "#62 a budget without a selector covers no pod, and stands in nobody's way",
    inArena("selector", 1, async opened => {
      await putController(opened, { kind: "deployments", name: "web", replicas: 2 });
      await putBudget(opened, "web", { maxUnavailable: 1 });
      const path = collectionPath(KINDS.budgets, opened.name);
      const body = { metadata: { name: "nobody" }, spec: { maxUnavailable: 0 } };
      await opened.kube.request({ method: "POST", path, body });
      await createBudget(opened, "elsewhere", { maxUnavailable: 0 }, "elsewhere");
      const arena = await stage(opened, 2);
      expect(await drain(arena)).toMatchObject({ kind: "drained", moved: 2 });
    }),
  );
};

/** 58, 61 and 62: the last resort. */
export const forceCases = (bench: Bench): void => {
  waits(bench);
  graces(bench);
  selectors(bench);
};
