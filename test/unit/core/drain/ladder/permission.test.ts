import { checkLadderRules } from "../../../../../core/drain/ladder/checkRules";
import { permissionOf, unknownWords } from "../../../../../core/drain/ladder/permission";
import { FORCE_DEFAULTS, type LadderRules } from "../../../../../core/drain/ladder/rules";

const WEB = { namespace: "shop", kind: "Deployment", name: "web", labels: { tier: "front" } };

const wishes = (workload: Parameters<typeof permissionOf>[0], rules: LadderRules): object =>
  Object.fromEntries(permissionOf(workload, rules));

describe("a workload is opted in to", () => {
  it("nothing by default", () => expect(wishes(WEB, {})).toEqual({}));

  const CASES: readonly [string, LadderRules, object][] = [
    ["what its namespace is selected for", { surge: [{ namespace: "shop" }] }, { surge: "broad" }],
    ["nothing of another namespace", { surge: [{ namespace: "pay" }] }, {}],
    [
      "what its labels are selected for",
      { surgeFirst: [{ namespace: "shop", labels: { tier: "front" } }] },
      { "surge-first": "broad" },
    ],
    ["nothing for other labels", { surge: [{ namespace: "shop", labels: { tier: "back" } }] }, {}],
    ["nothing for another kind", { surge: [{ namespace: "shop", kind: "StatefulSet" }] }, {}],
    [
      "what it is named for",
      {
        rolloutRestart: [{ namespace: "shop" }, { namespace: "shop", kind: "Deployment", name: "web" }],
        force: { ...FORCE_DEFAULTS, selectors: [{ namespace: "shop" }] },
      },
      { "rollout-restart": "named", force: "broad" },
    ],
  ];
  it.each(CASES)("%s", (_, rules, expected) => expect(wishes(WEB, rules)).toEqual(expected));

  it("what its own annotation says, as if it were named", () => {
    const ladder = "surge, evict-unhealthy,,surge-first,surgee";
    expect(wishes({ ...WEB, ladder }, { surge: [{ namespace: "shop" }] })).toEqual({
      surge: "named",
      "evict-unhealthy": "named",
      "surge-first": "named",
    });
    expect(unknownWords(ladder)).toEqual(["surgee"]);
  });
});

describe("rules are refused", () => {
  const pathsOf = (rules: LadderRules): readonly string[] => checkLadderRules(rules).map(({ path }) => path);

  it.each<[string, LadderRules, readonly string[]]>([
    ["not at all when they are right", { surge: [{ namespace: "shop" }], force: FORCE_DEFAULTS }, []],
    ["for a namespace that is none", { surge: [{ namespace: "shop" }, { namespace: "*" }] }, ["surge[1]"]],
    [
      "for a name without a kind",
      { evictUnhealthy: [{ namespace: "shop", name: "web" }] },
      ["evictUnhealthy[0]"],
    ],
    [
      "#95 for a surge of a StatefulSet",
      { surge: [{ namespace: "shop", kind: "StatefulSet" }], surgeFirst: [{ namespace: "a", kind: "Job" }] },
      ["surge[0]", "surgeFirst[0]"],
    ],
    [
      "for times that are none",
      { force: { ...FORCE_DEFAULTS, afterSeconds: -1, minPodAgeSeconds: NaN } },
      ["force.afterSeconds", "force.minPodAgeSeconds"],
    ],
    [
      "for a force every few seconds",
      { force: { ...FORCE_DEFAULTS, everySeconds: 9 } },
      ["force.everySeconds"],
    ],
  ])("%s", (_, rules, paths) => expect(pathsOf(rules)).toEqual(paths));
});
