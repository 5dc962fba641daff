import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { plainAccess } from "../../../kube/credentials";
import { readKubeconfig } from "../../../kube/kubeconfigFile";
import { kubeconfigOf } from "./fakeServer";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "changeover-kubeconfig-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const write = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const refusal = (kubeconfig: string, context?: string): Promise<string> =>
  readKubeconfig({ kubeconfig, context }).then(
    () => "accepted",
    (error: unknown) => (error as Error).message,
  );

describe("readKubeconfig", () => {
  it("takes the current context", async () => {
    const file = write("a", kubeconfigOf("https://a:1", { token: "t" }));
    expect(await readKubeconfig({ kubeconfig: file })).toMatchObject({
      context: "main",
      folder,
      cluster: { server: "https://a:1" },
      user: { token: "t" },
    });
  });

  it("takes the first of several files that has the context, and steps over missing ones", async () => {
    const first = write("a", kubeconfigOf("https://a:1", {}).replaceAll("main", "other"));
    const second = write("b", kubeconfigOf("https://b:1", {}));
    const kubeconfig = [join(folder, "none"), first, second].join(delimiter);
    expect((await readKubeconfig({ kubeconfig, context: "main" })).cluster.server).toBe("https://b:1");
  });

  it("names a file that does not exist", async () => {
    expect(await refusal(join(folder, "none"))).toContain("the file does not exist");
  });

  it("names the contexts there are when the wanted one is not", async () => {
    const file = write("a", kubeconfigOf("https://a:1", {}));
    expect(await refusal(file, "prod")).toContain('no context "prod"; contexts in the file: main');
  });

  it.each([
    ["", "holds no kubeconfig"],
    ["just text", "holds no kubeconfig"],
    ["a: [", "not YAML"],
    ["{}", "no current context"],
    [JSON.stringify({ "current-context": "m", contexts: [{ name: "m", context: {} }] }), "has no server"],
  ])("refuses %p: %s", async (text, reason) => {
    expect(await refusal(write("a", text))).toContain(reason);
  });
});

describe("credentials", () => {
  const read = async (user: object) => {
    const file = write("a", kubeconfigOf("https://a:1", user));
    return plainAccess(await readKubeconfig({ kubeconfig: file })).read(false);
  };
  const base64 = (text: string): string => Buffer.from(text).toString("base64");

  it("prefer the token file, and find it beside the kubeconfig", async () => {
    write("token", "from file\n");
    const { headers } = await read({ token: "written", tokenFile: "token" });
    expect(headers).toEqual({ authorization: "Bearer from file" });
  });

  it("hold certificates from data and from files", async () => {
    write("key.pem", "KEY");
    const { tls } = await read({ "client-certificate-data": base64("CERT"), "client-key": "key.pem" });
    expect([String(tls.cert), String(tls.key), tls.rejectUnauthorized]).toEqual(["CERT", "KEY", true]);
  });

  it("say user and password in basic form", async () => {
    expect((await read({ username: "u", password: "p" })).headers).toEqual({ authorization: "Basic dTpw" });
  });

  it("act for another user when asked", async () => {
    expect((await read({ as: "jane", "as-groups": ["dev", "ops"] })).headers).toEqual({
      "impersonate-user": "jane",
      "impersonate-group": ["dev", "ops"],
    });
  });
});
