/** The picture: what the engine did above, where nodes and pods were below, on one axis of time. */
import { drawAxis, placeOf } from "./axis";
import type { Axis } from "./axis";
import type { ActFacts, ResourceSpan } from "./facts";
import { drawLane } from "./lane";
import { element, escapeText } from "./markup";
import type { Timeline } from "./timeline";
import { seconds } from "./verdict";

const WIDTH = 1080;
const LEFT = 260;
const RIGHT = WIDTH - 34;
const HEAD = 30;
const ROW = 19;
const LANE = 34;
const LANE_STEP = 50;
const SECTION = 34;

const heading = (text: string, y: number): string =>
  element("text", { class: "heading", x: 0, y }, escapeText(text));

const drawSpan = (span: ResourceSpan, axis: Axis, top: number): string => {
  const x = placeOf(axis, span.startedAt);
  const width = Math.max(3, placeOf(axis, span.endedAt) - x);
  const took = seconds(span.endedAt - span.startedAt);
  const end = x + width + 6;
  const before = end > RIGHT - 40;
  return element(
    "g",
    {},
    element("title", {}, escapeText(`${span.name}: ${span.op}, ${took}`)),
    element("text", { class: "name", x: LEFT - 12, y: top + 12 }, escapeText(span.name)),
    element("rect", {
      class: `span ${span.failed ? "failed" : span.op}`,
      x,
      y: top + 3,
      width,
      height: 11,
      rx: 3,
    }),
    element(
      "text",
      { class: before ? "took before" : "took", x: before ? x - 6 : end, y: top + 12 },
      escapeText(`${span.op} ${took}`),
    ),
  );
};

const drawSwap = (
  { swap }: Timeline,
  axis: Axis,
  reach: { readonly top: number; readonly bottom: number },
): string => {
  if (swap === undefined) return "";
  const x = placeOf(axis, swap.from);
  const width = Math.max(2, placeOf(axis, swap.to) - x);
  const { top, bottom } = reach;
  const label = `API servers ${swap.label}`;
  return (
    element(
      "rect",
      { class: "swap", x, y: top, width, height: bottom - top },
      element("title", {}, escapeText(label)),
    ) + element("text", { class: "swapLabel", x: x + width + 5, y: bottom + 14 }, escapeText(label))
  );
};

/** Alone readable: size, axis and names are in it; its colours come from the page. */
export const drawPicture = (facts: ActFacts, timeline: Timeline): string => {
  const axis: Axis = { from: timeline.from, to: timeline.to, left: LEFT, right: RIGHT };
  const spans = facts.spans.filter(span => span.endedAt >= axis.from && span.startedAt <= axis.to);
  const lanes = [timeline.nodes, ...timeline.workloads];
  const lanesTop = HEAD + spans.length * ROW + SECTION;
  const bottom = lanesTop + lanes.length * LANE_STEP;
  const reach = { top: HEAD, bottom };
  const height = bottom + 24;
  return element(
    "svg",
    { viewBox: `0 0 ${WIDTH} ${height}`, role: "img", "aria-label": "where each workload was, over time" },
    drawAxis(axis, HEAD, bottom),
    drawSwap(timeline, axis, reach),
    heading("what the engine did", HEAD - 6),
    ...spans.map((span, index) => drawSpan(span, axis, HEAD + index * ROW + 2)),
    heading("ready on old and new nodes", lanesTop - 10),
    ...lanes.map((lane, index) => drawLane(lane, { axis, top: lanesTop + index * LANE_STEP, height: LANE })),
  );
};
