import { readdirSync, readFileSync } from "node:fs";

/** A process of a stack, known by what the stack's own folder in its environment says. */
export interface Found {
  readonly pid: number;
  readonly command: string;
}

const read = (path: string): string => {
  try {
    return readFileSync(path, "utf8").replaceAll("\0", " ");
  } catch {
    return "";
  }
};

/** Processes started with this folder as Pulumi's home: the CLI, what it started, and what that left behind. */
export const processesOf = (dir: string): readonly Found[] =>
  readdirSync("/proc")
    .map(Number)
    .filter(pid => Number.isInteger(pid) && read(`/proc/${pid}/environ`).includes(`PULUMI_HOME=${dir}/home`))
    .map(pid => ({ pid, command: read(`/proc/${pid}/cmdline`).trim() }))
    .filter(({ command }) => command !== "");

const GATE = /^\S*node\S* \S*dynamic-provider/;

/** The gate processes of a stack, without the shell script that stands before each. */
export const gatesOf = (dir: string): readonly Found[] =>
  processesOf(dir).filter(({ command }) => GATE.test(command));

/** What belongs to one `pulumi` run and must not outlive it for long; a lab's own processes shall. */
const ENGINE = /dynamic-provider|languageHost|pulumi-language|pulumi-resource|cmd\/run|\/pulumi /;

export const leftoversOf = (dir: string): readonly Found[] =>
  processesOf(dir).filter(({ command }) => ENGINE.test(command));

/** Looks until `seen` is true; says what was there instead when time is up. */
export const until = async (
  seen: () => boolean | Promise<boolean>,
  options: { readonly ms: number; readonly describe: () => unknown },
): Promise<void> => {
  const end = Date.now() + options.ms;
  while (!(await seen())) {
    if (Date.now() > end)
      throw new Error(`not within ${options.ms} ms: ${JSON.stringify(options.describe())}`);
    await new Promise(resolve => setTimeout(resolve, 100));
  }
};

/** Nothing of a run is left, neither gate nor language host. */
export const untilAlone = (dir: string, ms: number): Promise<void> =>
  until(() => leftoversOf(dir).length === 0, { ms, describe: () => leftoversOf(dir) });

const command = (pid: number): string => read(`/proc/${pid}/cmdline`);

/** These processes have ended. */
export const untilGone = (pids: readonly number[], ms: number): Promise<void> => {
  const left = (): readonly number[] => pids.filter(pid => command(pid) !== "");
  return until(() => left().length === 0, { ms, describe: left });
};
