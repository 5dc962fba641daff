import { execFile } from "node:child_process";
import { readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { type Bench, type Measurement, ratioRow, type Row } from "./row";
import { rotated } from "./statistics";

const ROOT = resolve(__dirname, "..");
const TEMPLATES = join(ROOT, "templates");
const CHILD = join(__dirname, "cloudStart.cjs");
const RATIO = 1.3;
const MEGABYTES = 250;
const KINDS = ["bare", "program"] as const;
/** The lab's machines are dynamic resources, without an SDK to compare with; kubeadm's program reads host keys first. */
const LEFT_OUT = ["kubeadm", "lab"];

interface Start {
  readonly seconds: number;
  readonly megabytes: number;
}

type Starts = Record<(typeof KINDS)[number], Start[]>;

const start = async (kind: string, cloud: string, signal: AbortSignal): Promise<Start> => {
  const file = join(TEMPLATES, cloud, "Pulumi.dev.yaml");
  const { stdout } = await promisify(execFile)(process.execPath, [CHILD, kind, file], { cwd: ROOT, signal });
  return JSON.parse(stdout.trim().split("\n").at(-1) ?? "") as Start;
};

/** One round that does not count fills the caches of both. */
const race = async (cloud: string, { rounds, signal, say }: Bench): Promise<Starts> => {
  const starts: Starts = { bare: [], program: [] };
  for (let round = -1; round < rounds; round += 1)
    for (const kind of rotated(KINDS, round + 1)) {
      const seen = await start(kind, cloud, signal);
      say(`${cloud}, ${kind}: ${seen.seconds.toFixed(2)} s, ${seen.megabytes.toFixed(0)} MB`);
      if (round >= 0) starts[kind].push(seen);
    }
  return starts;
};

const rowsOf = (cloud: string, { bare, program }: Starts): readonly Row[] => {
  const seconds = (what: string, starts: readonly Start[]): Row => ({
    what,
    unit: "s",
    values: starts.map(one => one.seconds),
  });
  const own = seconds(`program start on ${cloud}`, program);
  const least = seconds(`start of a program with the SDK modules of ${cloud} alone`, bare);
  const memory = program.map(one => one.megabytes);
  return [
    least,
    own,
    ratioRow(`program start on ${cloud} / SDK modules alone`, [own, least], RATIO),
    { what: `memory of a program on ${cloud}`, unit: "MB", values: memory, atMost: MEGABYTES },
  ];
};

/** What a program costs before the engine is asked anything, beside the modules of its cloud's SDK by themselves. */
export const measureClouds: Measurement = async bench => {
  const rows: Row[] = [];
  const clouds = readdirSync(TEMPLATES).filter(name => !LEFT_OUT.includes(name));
  for (const cloud of clouds.sort()) rows.push(...rowsOf(cloud, await race(cloud, bench)));
  return rows;
};
