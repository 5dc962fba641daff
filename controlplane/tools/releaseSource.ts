import { Agent, EnvHttpProxyAgent, fetch, type Dispatcher, type RequestInit, type Response } from "undici";
import { ProblemError } from "../../core/problem";
import { errorCode, insecureMirror, ReleaseUnavailable } from "./problems";

/** How release pages are reached: through the user's proxy, or a mirror laid out as `<mirror>/<host>/<path>`. */

const REACH_MS = 2_500;
const IDLE_MS = 30_000;

const isLoopback = (url: URL): boolean => /^(localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname);

/** Pure: the address actually asked for. Throws a ProblemError for a mirror that anyone on the way could alter. */
export const mirrored = (address: string, mirror: string | undefined): string => {
  if (mirror === undefined || mirror === "") return address;
  const base = URL.parse(mirror);
  const trusted = base?.protocol === "https:" || (base?.protocol === "http:" && isLoopback(base));
  if (!trusted) throw insecureMirror(mirror);
  const { host, pathname } = new URL(address);
  return `${mirror.replace(/\/+$/, "")}/${host}${pathname}`;
};

let direct: Dispatcher | undefined;
let proxied: Dispatcher | undefined;

const dispatcherFor = (url: URL): Dispatcher => {
  const timeouts = { headersTimeout: IDLE_MS, bodyTimeout: IDLE_MS, connect: { timeout: 10_000 } };
  if (isLoopback(url)) return (direct ??= new Agent(timeouts));
  return (proxied ??= new EnvHttpProxyAgent(timeouts));
};

const WORDS: Readonly<Record<string, string>> = {
  ENOTFOUND: "its name can't be resolved",
  EAI_AGAIN: "its name can't be resolved",
  TimeoutError: "no answer in time",
};

interface Failure {
  readonly name?: unknown;
  readonly message?: unknown;
  readonly cause?: unknown;
}

/** Why a request failed, in a few words: the cause says more than "fetch failed". */
export const describeFailure = (error: unknown): string => {
  const failure = (error ?? {}) as Failure;
  const cause = (failure.cause ?? failure) as Failure;
  const code = errorCode(cause);
  return WORDS[code ?? String(cause.name)] ?? code ?? String(cause.message);
};

export const request = async (
  address: string,
  init: RequestInit & { signal: AbortSignal },
): Promise<Response> => {
  const url = new URL(mirrored(address, process.env["CHANGEOVER_RELEASE_MIRROR"]));
  const headers = { "user-agent": "changeover", "accept-encoding": "identity", ...(init.headers as object) };
  return fetch(url, { ...init, headers, dispatcher: dispatcherFor(url) });
};

const probe = async (origin: string): Promise<string | undefined> => {
  try {
    const signal = AbortSignal.timeout(REACH_MS);
    const answer = await request(`${origin}/`, { method: "HEAD", redirect: "manual", signal });
    await answer.body?.cancel();
    return undefined;
  } catch (error) {
    if (error instanceof ProblemError) throw error;
    return `${new URL(origin).host} can't be reached: ${describeFailure(error)}`;
  }
};

const probes = new Map<string, Promise<string | undefined>>();

/** Asked once per host and process, so that an offline machine learns it in seconds and not once per file. */
export const ensureReachable = async (address: string): Promise<void> => {
  const { origin } = new URL(address);
  const key = mirrored(`${origin}/`, process.env["CHANGEOVER_RELEASE_MIRROR"]);
  const asked = probes.get(key) ?? probe(origin);
  probes.set(key, asked);
  const whyNot = await asked;
  if (whyNot !== undefined) throw new ReleaseUnavailable(whyNot);
};

const LONGEST_TEXT_MS = 30_000;

/** A small text, such as a list of checksums. */
export const requestText = async (address: string, signal: AbortSignal): Promise<string> => {
  const bounded = AbortSignal.any([signal, AbortSignal.timeout(LONGEST_TEXT_MS)]);
  try {
    const answer = await request(address, { signal: bounded });
    if (answer.ok) return await answer.text();
    await answer.body?.cancel();
    throw new ReleaseUnavailable(`${address} answers ${answer.status}`);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof ReleaseUnavailable) throw error;
    throw new ReleaseUnavailable(`${address}: ${describeFailure(error)}`);
  }
};
