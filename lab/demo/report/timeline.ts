/** Where each workload's ready pods were over time, read off the auditor's journal. */
import type { AuditLine, NodeLine, PodLine, SubjectSummary } from "../../auditor/format";
import type { ActFacts } from "./facts";

/** From `at` on: ready pods on the old nodes, on the new ones, and the floor (absent where the workload has none). */
export interface Moment {
  readonly at: number;
  readonly blue: number;
  readonly green: number;
  readonly floor?: number;
}

export interface Lane {
  readonly title: string;
  readonly note: string;
  readonly moments: readonly Moment[];
  readonly most: number;
  /** When its floor was broken. */
  readonly broken: readonly number[];
}

export interface Timeline {
  readonly from: number;
  readonly to: number;
  readonly nodes: Lane;
  readonly workloads: readonly Lane[];
  /** First word of a new version and last word of an old one: between them both kinds of API server answered. */
  readonly swap?: { readonly from: number; readonly to: number; readonly label: string };
}

type Side = "blue" | "green";

const syncedAt = ({ audit, startedAt }: ActFacts): number =>
  audit.find(line => line.kind === "synced")?.at ?? startedAt;

/** A node that no pool made is a generation of its own. */
const generationOf = ({ generation, node }: NodeLine): string => generation ?? node;

const joinedIn = ({ audit }: ActFacts): readonly NodeLine[] =>
  audit.filter(line => line.kind === "node").filter(line => line.change === "joined");

/** Blue is each generation that was there when the first audit began: what comes back is blue again. */
const sidesOf = (act: ActFacts, first: ActFacts): ReadonlyMap<string, Side> => {
  const begun = syncedAt(first);
  const blue = new Set(
    joinedIn(first)
      .filter(line => line.at <= begun)
      .map(generationOf),
  );
  return new Map(
    joinedIn(act).map(line => [line.node, blue.has(generationOf(line)) ? "blue" : "green"] as const),
  );
};

interface Step {
  readonly at: number;
  readonly side: Side;
  readonly change: number;
}

const FALLS: readonly PodLine["change"][] = ["unready", "leaving", "gone"];

const podSteps = (lines: readonly PodLine[], sides: ReadonlyMap<string, Side>): readonly Step[] => {
  const up = new Map<string, Side>();
  return lines.flatMap(line => {
    const side = sides.get(line.node ?? "") ?? "blue";
    const was = up.get(line.pod);
    if (line.change === "ready" && was === undefined) {
      up.set(line.pod, side);
      return [{ at: line.at, side, change: 1 }];
    }
    if (!FALLS.includes(line.change) || was === undefined) return [];
    up.delete(line.pod);
    return [{ at: line.at, side: was, change: -1 }];
  });
};

const nodeSteps = (lines: readonly NodeLine[], sides: ReadonlyMap<string, Side>): readonly Step[] => {
  const up = new Set<string>();
  return lines.flatMap(({ node, at, change, ready }) => {
    const side = sides.get(node) ?? "blue";
    const now = ready && change !== "gone";
    if (now === up.has(node)) return [];
    if (now) up.add(node);
    else up.delete(node);
    return [{ at, side, change: now ? 1 : -1 }];
  });
};

interface FloorStep {
  readonly at: number;
  readonly floor: number;
}

const momentsOf = (steps: readonly Step[], floors: readonly FloorStep[], from: number): readonly Moment[] => {
  const now = { blue: 0, green: 0 };
  let floor: number | undefined;
  const words = [...steps, ...floors].sort((left, right) => left.at - right.at);
  const moments = words.map(word => {
    if ("floor" in word) floor = word.floor;
    else now[word.side] += word.change;
    return { at: Math.max(word.at, from), ...now, ...(floor !== undefined && { floor }) };
  });
  return moments.filter((moment, index) => moments[index + 1]?.at !== moment.at);
};

const topOf = (moments: readonly Moment[]): number =>
  Math.max(1, ...moments.map(moment => Math.max(moment.blue + moment.green, moment.floor ?? 0)));

const describeFloor = (subject: SubjectSummary | undefined): string => {
  if (subject === undefined) return "no floor";
  const kind = subject.kind === "budget" ? "budget" : "no budget, synthetic floor";
  return `lowest ${subject.lowestReady}, floor ${subject.floor} · ${kind}`;
};

const shortName = (workload: string): string => workload.split("/").slice(1).join(" ");

/** Without a floor, only what was ready at the beginning: the runs of a CronJob would be a lane each. */
const wasReadyAt = (from: number, [first]: readonly Moment[]): boolean =>
  first !== undefined && first.at === from && first.blue + first.green > 0;

const workloadLanes = (facts: ActFacts, sides: ReadonlyMap<string, Side>, from: number): readonly Lane[] => {
  const pods = facts.audit.filter(line => line.kind === "pod");
  const names = [...new Set(pods.map(line => line.workload))].sort();
  return names.flatMap(workload => {
    const lines = pods.filter(line => line.workload === workload);
    const subject = facts.summary.subjects.find(one => one.workloads.includes(workload));
    const floors = facts.audit
      .filter(line => line.kind === "count")
      .filter(line => line.subject === subject?.subject && subject.workloads.length === 1);
    const moments = momentsOf(podSteps(lines, sides), floors, from);
    if (subject === undefined && !wasReadyAt(from, moments)) return [];
    const broken = facts.summary.violations
      .filter(one => one.subject === subject?.subject)
      .map(one => one.at);
    return [
      { title: shortName(workload), note: describeFloor(subject), moments, most: topOf(moments), broken },
    ];
  });
};

const swapOf = (audit: readonly AuditLine[]): Timeline["swap"] => {
  const versions = audit.filter(line => line.kind === "version");
  const first = versions[1];
  const last = versions.at(-1);
  if (first === undefined || last === undefined) return undefined;
  return { from: first.at, to: last.at, label: `${versions[0]?.version ?? ""} → ${last.version}` };
};

const LEAD_MS = 1_000;

/** The engine plans before it works; the picture begins with the work. */
const beginOf = ({ spans, startedAt }: ActFacts): number => {
  const [first] = spans.map(span => span.startedAt).sort((left, right) => left - right);
  return first === undefined ? startedAt : Math.max(startedAt, first - LEAD_MS);
};

/** @param first act of the story: old is what was there when it began. */
export const readTimeline = (facts: ActFacts, first: ActFacts): Timeline => {
  const { audit } = facts;
  const from = Math.max(syncedAt(facts), beginOf(facts));
  const nodes = audit.filter(line => line.kind === "node");
  const sides = sidesOf(facts, first);
  const moments = momentsOf(nodeSteps(nodes, sides), [], from);
  const swap = swapOf(audit);
  return {
    from,
    to: facts.summary.endedAt,
    nodes: { title: "nodes", note: "ready", moments, most: topOf(moments), broken: [] },
    workloads: workloadLanes(facts, sides, from),
    ...(swap && { swap }),
  };
};
