import type { Arena } from "./arena";

export interface Evictions {
  readonly accepted: number;
  /** Answered 429: the budget had no room. */
  readonly refused: number;
}

const COUNTER = /^apiserver_request_total\{([^}]*subresource="eviction"[^}]*)\} (\S+)$/;

const read = (lines: readonly string[], isCode: (code: string) => boolean): number =>
  lines
    .map(line => COUNTER.exec(line))
    .filter(found => isCode(/code="(\d+)"/.exec(found?.[1] ?? "")?.[1] ?? ""))
    .reduce((sum, found) => sum + Number(found?.[2]), 0);

/** What both API servers counted since they started, whoever asked. */
export const countEvictions = async ({ kubectl, ports }: Arena): Promise<Evictions> => {
  const pages = await Promise.all(
    ports.map(port => kubectl("get", "--raw", "/metrics", "--server", `https://127.0.0.1:${port}`)),
  );
  const lines = pages.flat();
  return {
    accepted: read(lines, code => code.startsWith("2")),
    refused: read(lines, code => code === "429"),
  };
};

export const since = (before: Evictions, now: Evictions): Evictions => ({
  accepted: now.accepted - before.accepted,
  refused: now.refused - before.refused,
});
