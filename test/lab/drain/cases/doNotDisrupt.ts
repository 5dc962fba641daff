import type { PodView } from "../../../../kube";
import { SIMULATE } from "../../../../lab/simulator/annotations";
import type { DrainOutcome } from "../../../../operations/drain/drainNodes";
import { readPlan } from "../../../../operations/drain/plan";
import { type Arena, closeArena, openArena, podsOf, until } from "../arena";
import { putController } from "./benchPods";
import { type Bench, once, type Site } from "./benchSites";
import { appsOn, endingsOn, inArena, isBlue, type Sighting, stage, startDrain, tapePods } from "./scene";

const DISRUPT = "karpenter.sh/do-not-disrupt";
const LEAVING = { key: "changeover.dev/leaving", effect: "PreferNoSchedule" };
const CORDONED = { key: "node.kubernetes.io/unschedulable", operator: "Exists", effect: "NoSchedule" };

interface Wish {
  readonly name: string;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly tolerations?: readonly object[];
}

const WISHES: readonly Wish[] = [
  { name: "equal", tolerations: [{ ...LEAVING, operator: "Equal", value: "" }] },
  { name: "exists", tolerations: [{ ...LEAVING, operator: "Exists" }] },
  { name: "returns", tolerations: [CORDONED] },
  { name: "never", annotations: { [DISRUPT]: "true" } },
  { name: "while", annotations: { [DISRUPT]: "9s" } },
  { name: "soon", annotations: { [DISRUPT]: "soon" } },
  { name: "unstarted", annotations: { [DISRUPT]: "5m", [SIMULATE.startDelay]: "10m" } },
];

interface Story {
  readonly outcome: DrainOutcome;
  /** What the plan said about pods, by code. */
  readonly findings: Readonly<Record<string, readonly string[]>>;
  readonly left: readonly string[];
  readonly ends: readonly Sighting<PodView>[];
}

const planOf = async (arena: Arena): Promise<Story["findings"]> => {
  const request = { run: "plan", nodes: arena.blue, cordon: true };
  const { findings } = await readPlan(arena.kube, request);
  return Object.fromEntries(findings.map(({ code, subjects }) => [code, subjects]));
};

const furnish = (arena: Arena): Promise<unknown> =>
  Promise.all(
    WISHES.map(({ name, annotations = {}, tolerations = [] }) =>
      putController(arena, { kind: "deployments", name, annotations, spec: { tolerations } }),
    ),
  );

const story = once(async ({ kube }: Site): Promise<Story> => {
  let arena = await openArena(kube, "wishes", 1);
  try {
    await furnish(arena);
    await until("a pod on its node that no kubelet has taken up", async () =>
      (await podsOf(arena)).find(pod => pod.labels["app"] === "unstarted" && pod.node !== undefined),
    );
    arena = await stage(arena, WISHES.length - 1);
    const findings = await planOf(arena);
    const tape = await tapePods(arena);
    const outcome = await startDrain(arena).outcome;
    tape.stop();
    return { outcome, findings, left: await appsOn(arena, isBlue), ends: endingsOn(tape) };
  } finally {
    await closeArena(arena);
  }
});

const blockedApps = (outcome: DrainOutcome, code: string): readonly string[] =>
  outcome.kind !== "blocked"
    ? []
    : outcome.blocked
        .filter(reason => reason.code === code)
        .flatMap(({ pods }) => pods.map(pod => /\/(\w+)-/.exec(pod)?.[1] ?? pod));

const messages = (outcome: DrainOutcome): readonly string[] =>
  outcome.kind === "blocked" ? outcome.blocked.map(({ message }) => message) : [];

const tolerations = ({ both }: Bench): void => {
  both(
    "#64 tolerating our own taint keeps no pod: it is a wish, and the cordon does the rest",
    async site => {
      const { left, ends } = await story(site);
      expect(left).not.toContain("equal");
      expect(left).not.toContain("exists");
      expect(ends.map(({ object }) => object.labels["app"])).toEqual(
        expect.arrayContaining(["equal", "exists"]),
      );
    },
  );

  both("#65 a pod that tolerates cordoned nodes is refused, because it would come back", async site => {
    const { outcome, left, findings } = await story(site);
    expect(left).toContain("returns");
    expect(blockedApps(outcome, "RETURNS_TO_BLUE")).toEqual(["returns"]);
    expect(findings["RETURNS_TO_BLUE"]).toEqual([expect.stringContaining("wishes/returns-")]);
  });

  both(
    "#65 with that verdict passed over it does come back, and is moved a few times and no more",
    inArena("boomerang", 1, async opened => {
      const spec = { tolerations: [CORDONED], nodeSelector: { arena: opened.name, color: "blue" } };
      await putController(opened, { kind: "deployments", name: "back", spec });
      const arena = await stage(opened, 1);
      const tape = await tapePods(arena);
      const running = startDrain(arena, { rules: { disregard: ["RETURNS_TO_BLUE"] } });
      const outcome = await running.outcome;
      tape.stop();
      expect(blockedApps(outcome, "RETURNS_TO_BLUE")).toEqual(["back"]);
      expect(messages(outcome)).toContain("its workload keeps coming back to nodes that are being emptied");
      expect((await podsOf(arena)).filter(isBlue)).toHaveLength(1);
      expect(endingsOn(tape).length).toBe(outcome.moved);
    }),
  );
};

const annotations = ({ both }: Bench): void => {
  both("#66 do-not-disrupt: true blocks", async site => {
    const { outcome, left } = await story(site);
    expect(left).toContain("never");
    expect(blockedApps(outcome, "DO_NOT_DISRUPT")).toContain("never");
    expect(messages(outcome)).toContain("its owner asks not to disrupt it");
  });

  both("#66 do-not-disrupt with a duration holds until the pod has that age, and no longer", async site => {
    const { left, ends } = await story(site);
    const end = ends.find(({ object }) => object.labels["app"] === "while");
    expect(left).not.toContain("while");
    expect(end?.at).toBeGreaterThanOrEqual(Date.parse(end?.object.startTime ?? "") + 9_000);
  });

  both("#66 do-not-disrupt with nonsense is ignored, and told", async site => {
    const { left, findings } = await story(site);
    expect(left).not.toContain("soon");
    expect(findings["DO_NOT_DISRUPT_INVALID"]).toEqual([expect.stringContaining("wishes/soon-")]);
  });

  both("#66 do-not-disrupt with a duration blocks a pod that has not started", async site => {
    const { outcome, left } = await story(site);
    expect(left).toContain("unstarted");
    expect(messages(outcome)).toContain("it asks for time and has not started");
  });
};

/** 64 to 66: what pods tolerate and ask for. */
export const doNotDisruptCases = (bench: Bench): void => {
  tolerations(bench);
  annotations(bench);
};
