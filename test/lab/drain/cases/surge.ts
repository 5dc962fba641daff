import { LADDER_ANNOTATION } from "../../../../core/drain/ladder/names";
import { collectionPath, isKubeError, KINDS, type WorkloadView } from "../../../../kube";
import type { Bench } from "./benchSites";
import { type LadderStory, ladderStory } from "./ladderStory";

const sightsOf = ({ deployments }: LadderStory, app: string): readonly WorkloadView[] =>
  deployments.seen.flatMap(({ object }) => (object.name === app ? [object] : []));

/** Fewest and most pods that it was ever asked for, and those asked for in the end. */
const sizesOf = (story: LadderStory, app: string): readonly (number | undefined)[] => {
  const sizes = sightsOf(story, app).map(({ desired }) => desired);
  return [Math.min(...sizes), Math.max(...sizes), sizes.at(-1)];
};

const isRecorded = (story: LadderStory, app: string): boolean =>
  LADDER_ANNOTATION.surge in (sightsOf(story, app).at(-1)?.annotations ?? {});

const saidOf = ({ lines }: LadderStory, app: string): string =>
  lines.filter(line => line.includes(` ladder/${app}: `)).join("\n");

const amounts = ({ both }: Bench): void => {
  both("#91 a surge is clamped to the pods that are held, however much its maxSurge allows", async site => {
    const story = await ladderStory(site);
    expect(sizesOf(story, "roomy")).toEqual([3, 6, 3]);
    expect(story.left).not.toContain("roomy");
  });

  both("#94 a surge is what maxSurge says: a number, or a share that is rounded up", async site => {
    const story = await ladderStory(site);
    expect(sizesOf(story, "number")).toEqual([3, 5, 3]);
    expect(sizesOf(story, "share")).toEqual([3, 5, 3]);
    expect(story.left).not.toEqual(expect.arrayContaining(["number"]));
    expect(story.left).not.toEqual(expect.arrayContaining(["share"]));
  });

  both("#94 there is no surge with maxSurge 0, nor for Recreate", async site => {
    const story = await ladderStory(site);
    expect(sizesOf(story, "none")).toEqual([2, 2, 2]);
    expect(sizesOf(story, "recreate")).toEqual([2, 2, 2]);
    expect(saidOf(story, "none")).toContain("its maxSurge allows 0 more pods and 1 would be needed");
    expect(saidOf(story, "recreate")).toContain("its strategy is Recreate");
    expect(story.left).toEqual(expect.arrayContaining(["none", "recreate"]));
  });

  both("#94 the server itself refuses a maxSurge that is neither number nor share", async ({ kube }) => {
    const labels = { app: "odd" };
    const spec = {
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: "app", image: "app:1" }] } },
      strategy: { rollingUpdate: { maxSurge: "many" } },
    };
    const path = collectionPath(KINDS.deployments, "default");
    const refused = await kube
      .request({ method: "POST", path, body: { metadata: { name: "odd" }, spec } })
      .catch((error: unknown) => error);
    expect(isKubeError(refused, "invalid")).toBe(true);
  });

  both("#95 a StatefulSet is not surged", async site => {
    const story = await ladderStory(site);
    expect(saidOf(story, "store")).toContain("only a Deployment makes successors first");
    expect(story.left).toContain("store");
    expect(story.pods.seen.map(({ object }) => object.name)).not.toContain("store-2");
  });
};

const records = ({ both }: Bench): void => {
  both("#92 a surge that a killed run left is taken back once its pods have moved", async site => {
    const story = await ladderStory(site);
    expect(sizesOf(story, "killed")).toEqual([2, 3, 2]);
    expect(isRecorded(story, "killed")).toBe(false);
    expect(story.left).not.toContain("killed");
  });

  both(
    "#93 a surge whose pods could not start anywhere is not begun, and what it was for is blocked",
    async site => {
      const story = await ladderStory(site);
      expect(story.outcome.kind).toBe("blocked");
      expect(sizesOf(story, "stuck")).toEqual([2, 2, 2]);
      expect(isRecorded(story, "stuck")).toBe(false);
      expect(saidOf(story, "stuck")).toContain("green has no room for a successor beside its predecessor");
      expect(story.left).toContain("stuck");
    },
  );

  both(
    "#96 a number that somebody else sets during a surge is his: it stays, and our record goes",
    async site => {
      const story = await ladderStory(site);
      expect(sizesOf(story, "edited")).toEqual([2, 5, 5]);
      expect(isRecorded(story, "edited")).toBe(false);
    },
  );

  const spoilt = ["zeroed", "garbled"] as const;
  for (const app of spoilt)
    both(`#97 a record that was ${app} scales nothing down, let alone to 0`, async site => {
      const story = await ladderStory(site);
      expect(sizesOf(story, app)).toEqual([2, 3, 3]);
      expect(isRecorded(story, app)).toBe(false);
      expect(saidOf(story, app)).toContain("cannot be read: it stays at 3");
    });
};

const scalers = ({ both }: Bench): void => {
  both("#98 where an autoscaler rules, its minimum is raised, and given back", async site => {
    const story = await ladderStory(site);
    expect(story.minimums.autoscaler).toEqual([3, 2]);
    expect(story.left).not.toContain("autoscaled");
    expect(isRecorded(story, "autoscaled")).toBe(false);
  });

  both("#98 the same with KEDA", async site => {
    const story = await ladderStory(site);
    expect(story.minimums.keda).toEqual([3, 2]);
    expect(story.left).not.toContain("keda");
  });

  both("#98 where both rule, nothing is touched", async site => {
    const story = await ladderStory(site);
    expect(saidOf(story, "twice")).toContain("several autoscalers set its number: none of them is touched");
    expect(sizesOf(story, "twice")).toEqual([2, 2, 2]);
    expect(story.left).toContain("twice");
  });
};

const isComplete = ({ updated, replicas, available, desired }: WorkloadView): boolean =>
  [updated, replicas, available].every(count => count === desired);

const restarts = ({ both }: Bench): void =>
  both("#99 a restart waits for a rollout in flight, and then frees what its budgets held", async site => {
    const story = await ladderStory(site);
    const sights = sightsOf(story, "rolling");
    const restarted = sights.findIndex(({ annotations }) => LADDER_ANNOTATION.restarted in annotations);
    expect(isComplete(sights[0] as WorkloadView)).toBe(false);
    expect(restarted).toBeGreaterThan(0);
    expect(isComplete(sights[restarted - 1] as WorkloadView)).toBe(true);
    expect(story.left).not.toContain("rolling");
  });

/** 91 to 99: more pods for a while. One run over one arena shows them all. */
export const surgeCases = (bench: Bench): void => {
  amounts(bench);
  records(bench);
  scalers(bench);
  restarts(bench);
};
