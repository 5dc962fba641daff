/** One workload over time: ready pods on old nodes (blue) and on new ones (green) stacked, and the floor as a line. */
import { placeOf } from "./axis";
import type { Axis } from "./axis";
import { element, escapeText, px } from "./markup";
import type { Lane, Moment } from "./timeline";

export interface Band {
  readonly axis: Axis;
  readonly top: number;
  readonly height: number;
}

type Level = (moment: Moment) => number;

/** Counts hold until the next word, so the edges are steps and never slopes. */
const stepsOf = (moments: readonly Moment[], band: Band, level: Level): readonly string[] => {
  const { axis, top, height } = band;
  return moments.flatMap((moment, index) => {
    const y = px(top + height * (1 - level(moment)));
    const until = moments[index + 1]?.at ?? axis.to;
    return [`${placeOf(axis, moment.at)},${y}`, `${placeOf(axis, until)},${y}`];
  });
};

const areaOf = (
  lane: Lane,
  band: Band,
  levels: { readonly kind: string; readonly upper: Level; readonly lower: Level },
): string => {
  const upper = stepsOf(lane.moments, band, levels.upper);
  const lower = stepsOf(lane.moments, band, levels.lower);
  return element("polygon", { class: levels.kind, points: [...upper, ...lower.toReversed()].join(" ") });
};

const floorOf = (lane: Lane, band: Band): string => {
  const floored = lane.moments.filter(moment => moment.floor !== undefined);
  if (floored.every(moment => moment.floor === 0)) return "";
  const points = stepsOf(floored, band, moment => (moment.floor ?? 0) / lane.most);
  return element("polyline", { class: "floor", points: points.join(" ") });
};

const labelOf = (lane: Lane, { axis, top, height }: Band): string => {
  const x = axis.left - 12;
  const middle = top + height / 2;
  return (
    element("text", { class: "name", x, y: px(middle - 2) }, escapeText(lane.title)) +
    element("text", { class: "note", x, y: px(middle + 12) }, escapeText(lane.note)) +
    element("text", { class: "scale", x: axis.right + 6, y: px(top + 9) }, String(lane.most)) +
    element("text", { class: "scale", x: axis.right + 6, y: px(top + height) }, "0")
  );
};

const brokenOf = (lane: Lane, { axis, top, height }: Band): string =>
  lane.broken
    .map(at => {
      const x = placeOf(axis, at);
      return element("line", { class: "violation", x1: x, x2: x, y1: top - 5, y2: top + height + 5 });
    })
    .join("");

export const drawLane = (lane: Lane, band: Band): string => {
  const { axis, top, height } = band;
  const blue: Level = moment => moment.blue / lane.most;
  const both: Level = moment => (moment.blue + moment.green) / lane.most;
  return element(
    "g",
    {},
    element("title", {}, escapeText(`${lane.title}: ${lane.note}`)),
    element("rect", { class: "ground", x: axis.left, y: top, width: axis.right - axis.left, height }),
    areaOf(lane, band, { kind: "blue", upper: blue, lower: () => 0 }),
    areaOf(lane, band, { kind: "green", upper: both, lower: blue }),
    floorOf(lane, band),
    brokenOf(lane, band),
    labelOf(lane, band),
  );
};
