import type { GateInputs } from "../protocol";
import { contextFor } from "./context";
import { describeEnd, describeFailure } from "./failure";
import { runtimeOf } from "./registry";
import { inputsDiffer, type Stored, withoutUndefined } from "./stored";

interface CheckFailure {
  readonly property: string;
  readonly reason: string;
}

const inputsOf = (stored: Stored): GateInputs & Stored => stored as unknown as GateInputs & Stored;

const isStored = (olds: Stored): boolean => olds["gate"] !== undefined;

const check = async (olds: Stored, news: Stored): Promise<{ inputs: Stored; failures: CheckFailure[] }> => {
  const inputs = inputsOf(news);
  const runtime = runtimeOf(inputs.gate);
  if (runtime.check === undefined) return { inputs: news, failures: [] };
  const checked = await runtime.check(
    inputs,
    isStored(olds) ? inputsOf(olds) : undefined,
    contextFor(inputs),
  );
  const failures = checked.problems.map(problem => ({
    property: problem.path,
    reason: `${problem.code}: ${problem.message}. Fix: ${problem.fix}`,
  }));
  return { inputs: { ...news, ...checked.inputs }, failures };
};

/** Never names a replace: the engine would delete without an interlock. */
const diff = async (_id: string, olds: Stored, news: Stored): Promise<{ changes: boolean }> => {
  const inputs = inputsOf(news);
  const runtime = runtimeOf(inputs.gate);
  const aside = [...runtime.outputs, ...(runtime.learned ?? [])];
  if (inputsDiffer(olds, news, aside)) return { changes: true };
  if (runtime.isStale === undefined) return { changes: false };
  try {
    return { changes: await runtime.isStale(inputsOf(olds), inputs, contextFor(inputs)) };
  } catch (error) {
    contextFor(inputs).log(`not checked, so run again: ${describeFailure(error).message}`);
    return { changes: true };
  }
};

const apply = async (olds: Stored | undefined, news: Stored): Promise<Stored> => {
  const inputs = inputsOf(news);
  const runtime = runtimeOf(inputs.gate);
  const context = contextFor(inputs);
  try {
    const outputs = await runtime.apply(inputs, olds === undefined ? undefined : inputsOf(olds), context);
    return withoutUndefined(outputs) as Stored;
  } catch (error) {
    throw describeEnd(error, inputs, context.signal);
  }
};

const create = async (news: Stored): Promise<{ id: string; outs: Stored }> => {
  const inputs = inputsOf(news);
  const outs = await apply(undefined, news);
  const parts = [news["cluster"], news["pool"], news["generation"]];
  const name = parts.filter(part => typeof part === "string").join("/");
  return { id: `${inputs.gate}:${name === "" ? inputs.connection.name : name}`, outs };
};

const update = async (_id: string, olds: Stored, news: Stored): Promise<{ outs: Stored }> => ({
  outs: await apply(olds, news),
});

const release = async (_id: string, outputs: Stored): Promise<void> => {
  const inputs = inputsOf(outputs);
  const runtime = runtimeOf(inputs.gate);
  const context = contextFor(inputs);
  try {
    await runtime.release?.(inputs, context);
  } catch (error) {
    throw describeEnd(error, inputs, context.signal);
  }
};

/** The five functions that shells call. */
export const gates = { check, diff, create, update, delete: release };
