import { open, rm, stat, statfs } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { Response } from "undici";
import { isDiskFull, ReleaseUnavailable } from "./problems";
import { ProblemError } from "../../core/problem";
import { describeFailure, request } from "./releaseSource";

export interface Download {
  readonly url: string;
  /** Where the bytes go; what an earlier try left there is continued. */
  readonly file: string;
  readonly signal: AbortSignal;
  readonly onBytes: (received: number, total: number | undefined, resumedAt: number) => void;
}

/** Needed and free bytes are known before the first one is written. */
class NoSpace extends Error {
  readonly code = "ENOSPC";
}

const FRUITLESS_TRIES = 4;
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 4_000;

const sizeOf = async (file: string): Promise<number> => (await stat(file).catch(() => undefined))?.size ?? 0;

interface Start {
  readonly from: number;
  readonly total: number | undefined;
}

/** Undefined = start again from nothing; the server does not continue where we stopped. */
const whereItStarts = (answer: Response, asked: number): Start | undefined => {
  const length = Number(answer.headers.get("content-length") ?? Number.NaN);
  if (answer.status === 200) return { from: 0, total: Number.isNaN(length) ? undefined : length };
  const range = /^bytes (\d+)-\d+\/(\d+)$/.exec(answer.headers.get("content-range") ?? "");
  if (range === null || Number(range[1]) !== asked) return undefined;
  return { from: asked, total: Number(range[2]) };
};

const refuseWithoutSpace = async (file: string, start: Start): Promise<void> => {
  const disk = await statfs(dirname(file));
  const free = disk.bavail * disk.bsize;
  const needed = (start.total ?? 0) - start.from;
  if (needed > free) throw new NoSpace(`needs ${needed} bytes, ${free} are free`);
};

const writeBody = async (download: Download, answer: Response, start: Start): Promise<void> => {
  const handle = await open(download.file, start.from === 0 ? "w" : "a");
  let received = start.from;
  try {
    for await (const chunk of answer.body ?? []) {
      await handle.appendFile(chunk as Uint8Array);
      received += (chunk as Uint8Array).byteLength;
      download.onBytes(received, start.total, start.from);
    }
  } finally {
    await handle.close();
  }
  if (start.total !== undefined && received !== start.total) throw new Error("the connection ended early");
};

type Outcome = "done" | "again";

/** 416 means that we hold as many bytes as there are, or more: the checksum will tell. */
const refusedRange = async (download: Download, answer: Response, have: number): Promise<Outcome> => {
  const total = /^bytes \*\/(\d+)$/.exec(answer.headers.get("content-range") ?? "")?.[1];
  if (total !== undefined && Number(total) === have) return "done";
  await rm(download.file, { force: true });
  return "again";
};

const isPassing = (status: number): boolean => status >= 500 || status === 429 || status === 408;

const tryOnce = async (download: Download): Promise<Outcome> => {
  const have = await sizeOf(download.file);
  const headers = have > 0 ? { range: `bytes=${have}-` } : {};
  const answer = await request(download.url, { headers, signal: download.signal });
  const start = answer.ok ? whereItStarts(answer, have) : undefined;
  if (start !== undefined) {
    await refuseWithoutSpace(download.file, start);
    await writeBody(download, answer, start);
    return "done";
  }
  await answer.body?.cancel();
  if (answer.status === 416 || answer.ok) return refusedRange(download, answer, have);
  if (isPassing(answer.status)) throw new Error(`it answers ${answer.status}`);
  throw new ReleaseUnavailable(`${download.url} answers ${answer.status}`);
};

const giveUpOn = async (download: Download, error: unknown): Promise<void> => {
  download.signal.throwIfAborted();
  if (isDiskFull(error)) await rm(download.file, { force: true });
  if (isDiskFull(error) || error instanceof ReleaseUnavailable || error instanceof ProblemError) throw error;
};

/**
 * Fetches a file, going on from where a cut connection (now or in an earlier run) stopped. Gives up after
 * four tries in a row that brought nothing; the bytes so far stay for the next run, except on a full disk.
 */
export const fetchFile = async (download: Download): Promise<void> => {
  for (let fruitless = 0; ;) {
    const before = await sizeOf(download.file);
    try {
      if ((await tryOnce(download)) === "done") return;
      fruitless += 1;
    } catch (error) {
      await giveUpOn(download, error);
      fruitless = (await sizeOf(download.file)) > before ? 0 : fruitless + 1;
      if (fruitless >= FRUITLESS_TRIES)
        throw new ReleaseUnavailable(`${download.url}: ${describeFailure(error)}`);
    }
    const wait = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** fruitless);
    await pause(wait, undefined, { signal: download.signal });
  }
};
