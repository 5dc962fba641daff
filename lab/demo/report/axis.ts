import { element, escapeText, px } from "./markup";

/** Turns a time into a place on the picture. */
export interface Axis {
  readonly from: number;
  readonly to: number;
  readonly left: number;
  readonly right: number;
}

export const placeOf = (axis: Axis, at: number): number => {
  const inside = Math.min(Math.max(at, axis.from), axis.to);
  const span = Math.max(1, axis.to - axis.from);
  return px(axis.left + ((inside - axis.from) / span) * (axis.right - axis.left));
};

const STEPS_S = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600];
const MOST_TICKS = 12;

/** Whole, familiar steps: never more than a dozen marks. */
export const ticksOf = (seconds: number): readonly number[] => {
  const step = STEPS_S.find(one => seconds / one <= MOST_TICKS) ?? 7200;
  return Array.from({ length: Math.floor(seconds / step) + 1 }, (_, index) => index * step);
};

const describeTick = (second: number): string => {
  if (second < 120) return `${second} s`;
  return second % 60 === 0 ? `${second / 60} min` : `${Math.floor(second / 60)} min ${second % 60} s`;
};

/** Grid lines from top to bottom, with the time since the audit began above them. */
export const drawAxis = (axis: Axis, top: number, bottom: number): string =>
  ticksOf((axis.to - axis.from) / 1000)
    .map(second => {
      const x = placeOf(axis, axis.from + second * 1000);
      return (
        element("line", { class: "grid", x1: x, x2: x, y1: top, y2: bottom }) +
        element("text", { class: "tick", x, y: top - 6 }, escapeText(describeTick(second)))
      );
    })
    .join("");
