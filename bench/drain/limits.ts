import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { labStatus } from "../../lab";
import { LAB } from "./arena";

/** What the platform may do at once. `lab`: as our labs are; `upstream`: as the programs do without flags. */
export const SETTINGS = ["upstream", "lab", "raised"] as const;
export type Setting = (typeof SETTINGS)[number];

interface Rates {
  readonly "kube-controller-manager": readonly [qps: number, burst: number];
  readonly "kube-scheduler": readonly [qps: number, burst: number];
  readonly kwok: number;
}

/** 20 and 30, 50 and 100, 4: the defaults of Kubernetes 1.36 and kwok 0.8. */
const RATES: Readonly<Record<Exclude<Setting, "lab">, Rates>> = {
  upstream: { "kube-controller-manager": [20, 30], "kube-scheduler": [50, 100], kwok: 4 },
  raised: { "kube-controller-manager": [1_000, 2_000], "kube-scheduler": [1_000, 2_000], kwok: 64 },
};

const FLAG = /^--(kube-api-qps|kube-api-burst|max-requests-inflight|max-mutating-requests-inflight)=/;
const KWOK_CONFIG = "--config=";
const KWOK_RATE = /"podPlayStageParallelism":(\d+)/;
const GONE_MS = 10_000;

interface Process {
  readonly role: string;
  readonly pid: number;
}

/** The lab's processes, or those that took their place. */
export interface Platform {
  readonly processes: readonly Process[];
  readonly close: () => void;
}

const read = (path: string): string => {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
};

const argumentsOf = ({ pid }: Process): readonly string[] =>
  read(`/proc/${pid}/cmdline`).split("\0").slice(0, -1);

const ofLab = (): readonly Process[] =>
  labStatus(LAB).processes.flatMap(({ role, pid }) => (pid === undefined ? [] : [{ role, pid }]));

const withKwokRate = (argument: string, rate: number, scratch: string): string => {
  if (!argument.startsWith(KWOK_CONFIG)) return argument;
  const text = read(argument.slice(KWOK_CONFIG.length));
  const path = join(scratch, `stages-${rate}.yaml`);
  writeFileSync(path, text.replace(KWOK_RATE, `"podPlayStageParallelism":${rate}`));
  return `${KWOK_CONFIG}${path}`;
};

const withRates = (argument: string, [qps, burst]: readonly [number, number]): string => {
  if (argument.startsWith("--kube-api-qps=")) return `--kube-api-qps=${qps}`;
  return argument.startsWith("--kube-api-burst=") ? `--kube-api-burst=${burst}` : argument;
};

const changed = (role: keyof Rates, rates: Rates, scratch: string): ((argument: string) => string) =>
  role === "kwok"
    ? argument => withKwokRate(argument, rates.kwok, scratch)
    : argument => withRates(argument, rates[role]);

const endProcess = async ({ role, pid }: Process): Promise<void> => {
  process.kill(pid, "SIGKILL");
  const deadline = performance.now() + GONE_MS;
  while (read(`/proc/${pid}/cmdline`) !== "") {
    if (performance.now() > deadline) throw new Error(`${role} does not end`);
    await delay(50);
  }
};

const isLimited = (role: string): role is keyof Rates => role in RATES.raised;

/** Puts other processes into the place of those that limit the platform. They end with `close`. */
export const openPlatform = async (setting: Setting, scratch: string): Promise<Platform> => {
  if (setting === "lab") return { processes: ofLab(), close: () => undefined };
  const rates = RATES[setting];
  const children: ChildProcess[] = [];
  const processes: Process[] = [];
  for (const one of ofLab()) {
    if (!isLimited(one.role)) processes.push(one);
    else {
      const [program = "", ...flags] = argumentsOf(one).map(changed(one.role, rates, scratch));
      await endProcess(one);
      const child = spawn(program, flags, { stdio: "ignore" });
      children.push(child);
      processes.push({ role: one.role, pid: child.pid ?? 0 });
    }
  }
  return { processes, close: () => children.forEach(child => void child.kill("SIGKILL")) };
};

const describeKwok = (flags: readonly string[]): readonly string[] => {
  const config = flags.find(flag => flag.startsWith(KWOK_CONFIG))?.slice(KWOK_CONFIG.length) ?? "";
  const rate = KWOK_RATE.exec(read(config))?.[1];
  return rate === undefined ? [] : [`${rate} pods at once`];
};

/** Read off the running processes: numbers mean little without it. */
export const describeLimits = ({ processes }: Platform): readonly string[] =>
  processes.flatMap(one => {
    const flags = argumentsOf(one);
    const limits = one.role === "kwok" ? describeKwok(flags) : flags.filter(flag => FLAG.test(flag));
    return limits.length === 0 ? [] : [`${one.role}: ${limits.join(" ")}`];
  });
