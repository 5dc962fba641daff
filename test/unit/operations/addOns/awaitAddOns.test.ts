import { ProblemError } from "../../../../core/problem";
import { awaitAddOns } from "../../../../operations/addOns/awaitAddOns";
import type { AddOnState } from "../../../../operations/ports";

const connection = { cloud: "eks", name: "eu", region: "eu-west-1" } as const;
const addOns = { coredns: { owner: "program", version: "v2" } } as const;

const state = (more: Partial<AddOnState>): AddOnState => ({
  ...{ name: "coredns", version: "v2", state: "well", said: "ACTIVE" },
  ...more,
});

/** What is said look by look; the last answer stays. Each look takes a second of the clock. */
const wait = async (answers: readonly (readonly AddOnState[])[], timeoutSeconds = 60): Promise<number> => {
  let looks = 0;
  const live = {
    addOnStates: () => Promise.resolve(answers[Math.min(looks++, answers.length - 1)] ?? []),
  };
  const now = (): number => looks * 1_000;
  const wanted = { connection, addOns, timeoutSeconds };
  await awaitAddOns({ live, now, log: () => undefined }, wanted, new AbortController().signal);
  return looks;
};

const problemOf = async (...asked: Parameters<typeof wait>): Promise<string> => {
  const error: unknown = await wait(...asked).catch((reason: unknown) => reason);
  if (!(error instanceof ProblemError)) throw error;
  return error.problems.map(({ code, message }) => `${code} ${message}`).join("\n");
};

describe("waiting for add-ons", () => {
  it("ends when each is well at its version, not before", async () => {
    expect(await wait([[state({})]])).toBe(1);
    expect(await wait([[state({ version: "v1" })], [state({})]])).toBe(2);
  });

  it("does not wait for one that failed", async () => {
    expect(await problemOf([[state({ state: "failed", said: "UPDATE_FAILED; why" })]])).toMatch(
      /AddOnGate\.Failed .*UPDATE_FAILED; why/,
    );
  });

  it("gives up with what the cloud says of it", async () => {
    const answers = [[state({ state: "unwell", said: "DEGRADED; no replicas" })]];
    expect(await problemOf(answers, 1)).toMatch(/AddOnGate\.Unwell .*coredns v2 \(DEGRADED; no replicas\)/);
  });

  it("takes silence for unknown, never for well", async () => {
    expect(await problemOf([[]], 1)).toMatch(/coredns \(the cloud says nothing of it\)/);
  });
});
