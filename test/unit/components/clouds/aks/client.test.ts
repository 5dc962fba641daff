import { send, sendOperation } from "../../../../../components/clouds/aks/live/client";
import { type ScriptedServer, scriptServer } from "../../../../support/scriptedServer";

let server: ScriptedServer | undefined;

jest.mock("../../../../../components/clouds/aks/live/credential", () => ({
  armEndpoint: () => server?.url ?? "",
  armToken: () => Promise.resolve("stand-in"),
}));

describe("a call of Azure's that is answered otherwise at first", () => {
  afterEach(() => server?.close());

  const answered = async (statuses: readonly number[], call: () => Promise<unknown>): Promise<number> => {
    server = await scriptServer(statuses);
    await call().catch((error: unknown) => {
      expect(error).toMatchObject({ status: statuses.at(-1) });
    });
    return server.calls.length;
  };

  it("a look at an operation is repeated after 429 and 5xx: the operation itself goes on", async () => {
    const look = (): Promise<unknown> => sendOperation(`${server?.url ?? ""}/operations/1?api-version=x`);
    expect(await answered([429, 503], look)).toBe(3);
    expect(server?.calls.at(-1)).toBe("GET /operations/1?api-version=x");
  });

  it("a change is sent again after 429, and not where it may have been taken", async () => {
    const change = (): Promise<unknown> => send({ method: "PUT", path: "/pool", body: {} });
    expect(await answered([429], change)).toBe(2);
    await server?.close();
    expect(await answered([503], change)).toBe(1);
  });
});
