import { median } from "../statistics";
import { contenderOf } from "./contenders";
import { boundSecondsOf, leastMakespanOf, type Outcome } from "./outcome";
import type { ContenderName } from "./scenario";

const WIDTH = 760;
const MARGIN = 8;
const LABEL_WIDTH = 250;
const BAR = 16;
const GAP = 4;
const HEAD = 34;
const RIGHT = 130;
const COLOURS: Readonly<Record<ContenderName, string>> = {
  changeover: "#2f6fde",
  surgeFirst: "#7aa7f0",
  parallel: "#e08a2e",
  karpenter: "#5fa463",
  serial: "#b9b9b9",
};

interface Bar {
  readonly name: ContenderName;
  readonly middle: number;
  readonly low: number;
  readonly high: number;
  /** One was ended early: the bar would be longer. */
  readonly open: boolean;
}

const barsOf = ({ results }: Outcome): readonly Bar[] =>
  [...results].flatMap(([name, runs]) => {
    const seconds = runs.map(leastMakespanOf).filter(Number.isFinite);
    if (seconds.length === 0) return [];
    const open = runs.some(({ makespan }) => makespan === undefined);
    return [{ name, middle: median(seconds), low: Math.min(...seconds), high: Math.max(...seconds), open }];
  });

const escape = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

const describeEnd = ({ middle, low, high, open }: Bar): string => {
  const range = low === high ? "" : ` (${low.toFixed(1)}–${high.toFixed(1)})`;
  return `${open ? "&gt; " : ""}${middle.toFixed(1)} s${range}`;
};

/** From the fastest to the slowest run. */
const drawRange = ({ from, to, y }: { from: number; to: number; y: number }): string =>
  `<path d="M${from} ${y}H${to}M${from} ${y - 4}v8M${to} ${y - 4}v8" stroke="#222" stroke-width="1.5"/>`;

const drawBar = (bar: Bar, y: number, scale: (seconds: number) => number): string => {
  const x = LABEL_WIDTH;
  const middle = y + BAR / 2;
  const [from, to] = [x + scale(bar.low), x + scale(bar.high)];
  return [
    `<text x="${x - 8}" y="${middle + 4}" text-anchor="end">${escape(contenderOf(bar.name).title)}</text>`,
    `<rect x="${x}" y="${y}" width="${scale(bar.middle)}" height="${BAR}" fill="${COLOURS[bar.name]}"/>`,
    ...(from === to ? [] : [drawRange({ from, to, y: middle })]),
    `<text x="${to + 6}" y="${middle + 4}">${describeEnd(bar)}</text>`,
  ].join("\n");
};

interface Block {
  readonly text: string;
  readonly height: number;
}

const drawBlock = (outcome: Outcome, top: number): Block => {
  const bars = barsOf(outcome);
  const bound = boundSecondsOf(outcome);
  const longest = Math.max(bound, ...bars.map(({ high }) => high));
  const scale = (seconds: number): number =>
    Math.round((seconds / longest) * (WIDTH - LABEL_WIDTH - RIGHT) * 10) / 10;
  const first = top + HEAD;
  const height = bars.length * (BAR + GAP);
  const line = LABEL_WIDTH + scale(bound);
  const { name, title } = outcome.scenario;
  return {
    height: HEAD + height + GAP,
    text: [
      `<text x="${MARGIN}" y="${top + 16}" font-weight="bold">${escape(`${name}: ${title}`)}</text>`,
      ...bars.map((bar, index) => drawBar(bar, first + index * (BAR + GAP), scale)),
      `<path d="M${line} ${first - 4}V${first + height}" stroke="#c22" stroke-dasharray="4 3"/>`,
      `<text x="${line + 3}" y="${first - 6}" fill="#c22">T* ${bound.toFixed(1)} s</text>`,
    ].join("\n"),
  };
};

/**
 * Makespans as bars: medians, a black line from the fastest to the slowest run, T* in red. Each scenario has its own
 * scale.
 */
export const drawChart = (outcomes: readonly Outcome[]): string => {
  let top = 0;
  const blocks = outcomes.map(outcome => {
    const block = drawBlock(outcome, top);
    top += block.height;
    return block.text;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${top}" font-family="sans-serif" font-size="12">`,
    `<rect width="${WIDTH}" height="${top}" fill="#fff"/>`,
    ...blocks,
    "</svg>\n",
  ].join("\n");
};
