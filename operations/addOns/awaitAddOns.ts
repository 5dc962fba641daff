import type { AddOnsSpec } from "../../core/config";
import type { ConnectionRecipe } from "../../core/config/connection";
import { type Problem, ProblemError } from "../../core/problem";
import type { AddOnState, CloudLive } from "../ports";
import { type Look, waitFor } from "../wait";

interface AddOnPorts {
  readonly live: Pick<CloudLive, "addOnStates">;
  readonly now: () => number;
  readonly log: (line: string) => void;
}

export interface AddOnsWanted {
  readonly connection: ConnectionRecipe;
  /** By name; each with the version it shall run. */
  readonly addOns: AddOnsSpec;
  readonly timeoutSeconds: number;
}

/** Waits until the cloud says that each add-on runs at its version and is well; one that failed is not waited for. */
export const awaitAddOns = async (
  { live, now, log }: AddOnPorts,
  { connection, addOns, timeoutSeconds: deadlineSeconds }: AddOnsWanted,
  signal: AbortSignal,
): Promise<void> => {
  const look = async (): Promise<Look<true>> => {
    const states = (await live.addOnStates?.(connection, Object.keys(addOns))) ?? [];
    const short = Object.entries(addOns).flatMap(([name, { version }]) => {
      const state = states.find(one => one.name === name);
      return isThere(state, version) ? [] : [state ?? unknown(name)];
    });
    const failed = short.filter(({ state }) => state === "failed");
    if (failed.length > 0) throw new ProblemError("add-ons failed", failed.map(broken));
    return short.length === 0 ? { done: true } : { missing: describe(short) };
  };
  await waitFor(look, { now, log, signal, deadlineSeconds, problem: notWell });
};

const isThere = (state: AddOnState | undefined, version: string | undefined): boolean =>
  state?.state === "well" && state.version === version;

const unknown = (name: string): AddOnState => ({
  name,
  state: "absent",
  said: "the cloud says nothing of it",
});

const describe = (states: readonly AddOnState[]): string =>
  states.map(({ name, version = "", said }) => `${[name, version].join(" ").trim()} (${said})`).join(", ");

const broken = (state: AddOnState): Problem => ({
  code: "AddOnGate.Failed",
  path: `addOns.${state.name}`,
  message: `the cloud could not bring it where it should be: ${state.said}`,
  fix: "put right what the cloud names and run `pulumi up` again; nothing that comes after it was touched",
});

const notWell = (missing: string): Problem => ({
  code: "AddOnGate.Unwell",
  path: "addOns",
  message: `not well: ${missing}`,
  fix: "put right what the cloud names and run `pulumi up` again; nothing that comes after them was touched",
});
