import { StringDecoder } from "node:string_decoder";
import type { Dispatcher } from "undici";
import type { CallRecord, WatchCall, WatchEvent } from "./client";
import type { Connection } from "./connection";
import { errorOfAnswer, errorOfNetwork, KubeError } from "./kubeError";
import { urlOf } from "./paths";

interface WatchWire {
  readonly connection: Connection;
  readonly server: string;
  readonly observe: (record: CallRecord) => void;
}

const HEADERS_TIMEOUT_MS = 15_000;

const nameOf = (call: WatchCall): string => `WATCH ${call.path}`;

const translate = (call: WatchCall, error: unknown): KubeError => {
  if (error instanceof KubeError) return error;
  if (!call.signal.aborted) return errorOfNetwork(nameOf(call), error);
  return new KubeError({ kind: "aborted", message: `${nameOf(call)}: aborted`, cause: call.signal.reason });
};

const open = async (wire: WatchWire, call: WatchCall): Promise<Dispatcher.ResponseData> => {
  const dial = async (
    session: Awaited<ReturnType<Connection["session"]>>,
  ): Promise<Dispatcher.ResponseData> =>
    session.dispatcher.request({
      origin: new URL(wire.server).origin,
      path: urlOf(wire.server, call.path, { ...call.query, watch: true }),
      method: "GET",
      headers: { accept: "application/json", "user-agent": "changeover", ...session.headers },
      headersTimeout: HEADERS_TIMEOUT_MS,
      bodyTimeout: call.idleMs,
      signal: call.signal,
    });
  const session = await wire.connection.session();
  const answer = await dial(session);
  if (answer.statusCode !== 401) return answer;
  await answer.body.dump();
  return dial(await wire.connection.session(session));
};

const refuse = async (call: WatchCall, answer: Dispatcher.ResponseData): Promise<never> => {
  const header = answer.headers["retry-after"];
  throw errorOfAnswer({
    call: nameOf(call),
    status: answer.statusCode,
    body: await answer.body.text(),
    retryAfter: Array.isArray(header) ? header[0] : header,
  });
};

const parseLine = (call: WatchCall, line: string): WatchEvent => {
  try {
    return JSON.parse(line) as WatchEvent;
  } catch (cause) {
    throw new KubeError({ kind: "unreachable", message: `${nameOf(call)}: a line is not JSON`, cause });
  }
};

/** Whole lines of a stream of chunks. What a cut connection left unfinished is dropped: it was never said. */
async function* linesOf(chunks: AsyncIterable<Buffer>): AsyncGenerator<string> {
  const decoder = new StringDecoder("utf8");
  let rest = "";
  for await (const chunk of chunks) {
    const lines = (rest + decoder.write(chunk)).split("\n");
    rest = lines.pop() ?? "";
    yield* lines.filter(line => line !== "");
  }
}

/** The events of one watch connection, as the server sends them. */
export async function* streamWatch(wire: WatchWire, call: WatchCall): AsyncGenerator<WatchEvent> {
  const start = performance.now();
  const seen = { status: undefined as number | undefined, bytes: 0 };
  try {
    const answer = await open(wire, call);
    seen.status = answer.statusCode;
    if (answer.statusCode !== 200) await refuse(call, answer);
    for await (const line of linesOf(answer.body)) {
      seen.bytes += line.length;
      yield parseLine(call, line);
    }
  } catch (error) {
    throw translate(call, error);
  } finally {
    const milliseconds = performance.now() - start;
    wire.observe({ method: "WATCH", path: call.path, milliseconds, ...seen });
  }
}
