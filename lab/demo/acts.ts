/** The acts of a scenario: each watched by an auditor of its own, so that what goes back is not moved twice. */
import type { RunningAudit } from "./audit";
import { type ChangeMade, makeChange } from "./changes";
import { drainsOf, spansOf } from "./engineEvents";
import type { Workspace } from "./pulumiWorkspace";
import type { ActFacts, Passage } from "./report/facts";
import type { Act } from "./scenario";
import type { Stage } from "./stage";
import { hireAuditor, type Place } from "./steps";

export interface Played {
  readonly acts: readonly ActFacts[];
  readonly passages: readonly Passage[];
}

interface Setting {
  readonly place: Place;
  readonly workspace: Workspace;
  readonly stage: Stage;
}

/** Up to the first `up` that ends otherwise than the scenario says. */
const makeChanges = async (act: Act, setting: Setting): Promise<readonly ChangeMade[]> => {
  const made: ChangeMade[] = [];
  for (const change of act.changes) {
    const done = await makeChange(change, setting);
    made.push(done);
    if (done.wrong) break;
  }
  return made;
};

const gather = async (act: Act, made: readonly ChangeMade[], audit: RunningAudit): Promise<ActFacts> => {
  const { lines, summary } = await audit.stop();
  const ups = made.flatMap(({ up }) => up ?? []);
  const endedAt = ups.at(-1)?.endedAt ?? summary.endedAt;
  const events = ups.flatMap(up => up.events);
  return {
    title: act.title,
    finished: made.every(({ wrong }) => !wrong),
    startedAt: ups[0]?.startedAt ?? summary.startedAt,
    endedAt,
    tookMs: ups.reduce((sum, up) => sum + up.endedAt - up.startedAt, 0),
    spans: ups.flatMap(up => spansOf(up.events, up.endedAt)),
    drains: drainsOf(events),
    audit: lines,
    summary,
    ...(act.mostNodes === undefined ? {} : { mostNodes: act.mostNodes }),
    ...(act.acceptsOutage ? { acceptsOutage: true as const } : {}),
  };
};

const playAct = async (act: Act, number: number, setting: Setting): Promise<Played> => {
  const audit = await hireAuditor(setting.place.home, number, setting.stage);
  try {
    const made = await makeChanges(act, setting);
    return { acts: [await gather(act, made, audit)], passages: made.flatMap(({ passages }) => passages) };
  } finally {
    audit.abandon();
  }
};

/** One act after another; what follows one that failed is not begun. */
export const playActs = async (setting: Setting): Promise<Played> => {
  let played: Played = { acts: [], passages: [] };
  for (const [index, act] of setting.place.scenario.acts.entries()) {
    const { acts, passages } = await playAct(act, index + 1, setting);
    played = { acts: [...played.acts, ...acts], passages: [...played.passages, ...passages] };
    if (acts.some(one => !one.finished)) break;
  }
  return played;
};
