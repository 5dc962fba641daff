import { send } from "../../../../../components/clouds/gke/live/client";
import { type ScriptedServer, scriptServer } from "../../../../support/scriptedServer";

const TOKEN = "GOOGLE_OAUTH_ACCESS_TOKEN";

describe("a call of Google's that is answered otherwise at first", () => {
  const before = process.env[TOKEN];
  let server: ScriptedServer | undefined;

  /** Google's library would import its fetch, which jest can't; a browser's it takes as it is. */
  beforeAll(() => {
    process.env[TOKEN] = "stand-in";
    Object.assign(globalThis, { window: { fetch } });
  });
  afterEach(() => server?.close());
  afterAll(() => {
    Reflect.deleteProperty(globalThis, "window");
    if (before === undefined) Reflect.deleteProperty(process.env, TOKEN);
    else process.env[TOKEN] = before;
  });

  const call = async (method: "GET" | "POST" | "PUT", statuses: readonly number[]): Promise<number> => {
    server = await scriptServer(statuses);
    const { url, calls } = server;
    await send({ method, url: `${url}/v1/pools:setSize` }).catch((error: unknown) => {
      expect(error).toMatchObject({ status: statuses.at(-1) });
    });
    return calls.length;
  };

  it.each(["GET", "POST", "PUT"] as const)("%s is sent again after 429: it was not taken", async method => {
    expect(await call(method, [429])).toBe(2);
  });

  it("a POST that may have been taken is not sent again, a GET is", async () => {
    expect(await call("POST", [503])).toBe(1);
    await server?.close();
    expect(await call("GET", [503])).toBe(2);
  });
});
