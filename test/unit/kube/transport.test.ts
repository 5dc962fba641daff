import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { KubeError } from "../../../kube/kubeError";
import {
  json,
  reset,
  silence,
  startFakeServer,
  statusReply,
  type FakeServer,
  type Reply,
} from "./fakeServer";

let server: FakeServer;
beforeEach(async () => {
  server = await startFakeServer();
});
afterEach(() => server.stop());

const get = (path = "/x") => server.kube.request({ method: "GET", path });
const failure = (call: Promise<unknown>): Promise<KubeError> =>
  call.then(
    () => {
      throw new Error("the call succeeded");
    },
    (error: unknown) => error as KubeError,
  );

describe("a call", () => {
  it("carries token, query and body, and gives the JSON back", async () => {
    server.reply(json({ items: [1] }));
    const call = {
      method: "POST",
      path: "/api/v1/x",
      query: { limit: 5, none: undefined },
      body: { a: 1 },
    } as const;
    expect(await server.kube.request(call)).toEqual({ items: [1] });
    expect(server.seen[0]).toMatchObject({
      method: "POST",
      url: "/api/v1/x?limit=5",
      body: '{"a":1}',
      headers: { authorization: "Bearer first", "content-type": "application/json" },
    });
  });

  it("gives plain text back as it is", async () => {
    server.reply(response => response.end("ok"));
    expect(await get("/readyz")).toBe("ok");
  });

  it.each([
    [undefined, "application/merge-patch+json"],
    ["json", "application/json-patch+json"],
    ["strategic", "application/strategic-merge-patch+json"],
    ["apply", "application/apply-patch+yaml"],
  ] as const)("sends a %p patch as %s", async (patch, type) => {
    await server.kube.request({
      method: "PATCH",
      path: "/x",
      body: {},
      ...(patch === undefined ? {} : { patch }),
    });
    expect(server.seen[0]?.headers["content-type"]).toBe(type);
  });

  it("keeps its connections for later calls", async () => {
    const ports = new Set<number | undefined>();
    const note: Reply = response => {
      ports.add(response.socket?.remotePort);
      response.end("ok");
    };
    server.reply(note);
    for (let i = 0; i < 9; i++) await get();
    // The pool may open a second one in the moment before the first is back.
    expect(ports.size).toBeLessThanOrEqual(2);
  });

  it("reports each attempt", async () => {
    server.reply(reset, json({}));
    await get("/seen");
    expect(server.records.map(({ method, path, status }) => [method, path, status])).toEqual([
      ["GET", "/seen", undefined],
      ["GET", "/seen", 200],
    ]);
  });
});

describe("a lost line", () => {
  it("is tried again for a read", async () => {
    server.reply(reset, reset, json({ done: true }));
    expect(await get()).toEqual({ done: true });
  });

  it.each(["POST", "PUT", "PATCH", "DELETE"] as const)("ends a %s, which may have happened", async method => {
    server.reply(reset, json({}));
    const error = await failure(server.kube.request({ method, path: "/x" }));
    expect([error.kind, error.mayHaveApplied, server.seen.length]).toEqual(["unreachable", true, 1]);
  });

  it("is tried again for a write that its caller calls repeatable", async () => {
    server.reply(reset, json({ done: true }));
    const call = { method: "PUT", path: "/x", repeatable: true } as const;
    expect(await server.kube.request(call)).toEqual({ done: true });
  });

  it("that was never there proves that nothing was written", async () => {
    server.deafen();
    const error = await failure(server.kube.request({ method: "POST", path: "/x" }));
    expect([error.kind, error.status, error.mayHaveApplied]).toEqual(["unreachable", undefined, false]);
  });
});

describe("time", () => {
  it("ends a call that gets no answer at its deadline", async () => {
    server.reply(silence);
    const error = await failure(server.kube.request({ method: "POST", path: "/x", timeoutMs: 50 }));
    expect([error.kind, error.mayHaveApplied]).toEqual(["timeout", true]);
  });

  it("ends a call that waits in line because every connection is taken", async () => {
    server.reply(silence);
    const stop = new AbortController();
    const post = { method: "POST", path: "/x" } as const;
    const taken = Array.from({ length: 100 }, () =>
      failure(server.kube.request({ ...post, timeoutMs: 60_000, signal: stop.signal })),
    );
    const late = await failure(server.kube.request({ ...post, timeoutMs: 200 }));
    expect(late.kind).toBe("timeout");
    stop.abort();
    expect(new Set((await Promise.all(taken)).map(({ kind }) => kind))).toEqual(new Set(["aborted"]));
  });

  it("leaves a silent read time for a second connection", async () => {
    server.reply(silence, json({ done: true }));
    // The pool's clock is coarse: below a second and a half it does not look.
    expect(await server.kube.request({ method: "GET", path: "/x", timeoutMs: 6_000 })).toEqual({
      done: true,
    });
  });

  it("ends a call when its caller asks", async () => {
    const stop = new AbortController();
    server.reply(() => stop.abort());
    const error = await failure(server.kube.request({ method: "GET", path: "/x", signal: stop.signal }));
    expect([error.kind, server.seen.length]).toEqual(["aborted", 1]);
  });

  it("is not spent waiting for a Retry-After beyond the deadline", async () => {
    server.reply(statusReply(429, {}, { "retry-after": "60" }));
    const error = await failure(server.kube.request({ method: "GET", path: "/x", timeoutMs: 2_000 }));
    expect([error.kind, error.retryAfterSeconds, server.seen.length]).toEqual(["tooManyRequests", 60, 1]);
  });

  it("is given to a busy server that asks for it", async () => {
    server.reply(statusReply(429, {}, { "retry-after": "1" }), json({ done: true }));
    const start = performance.now();
    expect(await get()).toEqual({ done: true });
    expect(performance.now() - start).toBeGreaterThanOrEqual(990);
  });
});

describe("an answer that refuses", () => {
  it("ends a write at once, throttled or not", async () => {
    server.reply(statusReply(429, {}, { "retry-after": "1" }), json({}));
    const error = await failure(server.kube.request({ method: "POST", path: "/x" }));
    expect([error.kind, server.seen.length]).toEqual(["tooManyRequests", 1]);
  });

  it("of 500 ends a read at once: it is an answer", async () => {
    server.reply(statusReply(500, { message: "no" }));
    expect([(await failure(get())).kind, server.seen.length]).toEqual(["server", 1]);
  });
});

describe("a refused token", () => {
  const onlySecond: Reply = (response, seen) =>
    (seen.headers.authorization === "Bearer second" ? json({ done: true }) : statusReply(401))(
      response,
      seen,
    );

  it("is read again from its file and the call repeated, a write too", async () => {
    server.reply(onlySecond);
    await failure(get());
    writeFileSync(join(server.folder, "token"), "second");
    expect(await server.kube.request({ method: "POST", path: "/x", body: {} })).toEqual({ done: true });
  });

  it("ends the call when the new one is refused too", async () => {
    server.reply(statusReply(401));
    const error = await failure(get());
    expect([error.kind, server.seen.length]).toEqual(["unauthorized", 2]);
  });

  it("is replaced once for all calls that met it", async () => {
    server.reply(onlySecond);
    const warm = failure(get());
    await warm;
    writeFileSync(join(server.folder, "token"), "second");
    const before = server.seen.length;
    await Promise.all([get(), get(), get(), get()]);
    expect(server.seen.length - before).toBeLessThanOrEqual(8);
    await get();
    expect(server.seen.at(-1)?.headers.authorization).toBe("Bearer second");
  });
});

describe("a watch", () => {
  const line = (type: string, name: string): string => `${JSON.stringify({ type, object: { name } })}\n`;
  const events = async (idleMs = 5_000): Promise<string[]> => {
    const names: string[] = [];
    const watch = server.kube.watch({ path: "/w", query: {}, signal: new AbortController().signal, idleMs });
    try {
      for await (const event of watch) names.push(`${event.type} ${(event.object as { name: string }).name}`);
      names.push("end");
    } catch (error) {
      names.push((error as KubeError).kind);
    }
    return names;
  };

  it("gives events whole, however the bytes come", async () => {
    const text = Buffer.from(line("ADDED", "å") + line("DELETED", "b"));
    server.reply(response => {
      for (const byte of text) response.write(Buffer.from([byte]));
      response.end();
    });
    expect(await events()).toEqual(["ADDED å", "DELETED b", "end"]);
    expect(server.seen[0]?.url).toBe("/w?watch=true");
  });

  it("drops what a cut line left unfinished, and says that it was cut", async () => {
    server.reply(response => {
      response.write(line("ADDED", "a") + '{"type":"DELET', () => response.socket?.resetAndDestroy());
    });
    expect(await events()).toEqual(["ADDED a", "unreachable"]);
  });

  it("ends after a silence", async () => {
    server.reply(response => response.flushHeaders());
    expect(await events(1_500)).toEqual(["timeout"]);
  });

  it("says why it was refused", async () => {
    server.reply(statusReply(410, { reason: "Expired" }));
    expect(await events()).toEqual(["expired"]);
  });

  it("renews a refused token", async () => {
    server.reply(statusReply(401), response => response.end(line("ADDED", "a")));
    expect(await events()).toEqual(["ADDED a", "end"]);
  });
});
