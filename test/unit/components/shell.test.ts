import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import vm from "node:vm";
import { SHELL } from "../../../components/gates/shell";

const ROOT = resolve(__dirname, "../../..");
const PRINT = join(ROOT, "test/support/printShell.cjs");
/** Of the text in every state that was ever written. A change here is a change of every gate of every user. */
const PINNED = "9e4a873e6a22e59f11b8214d3941f17f1c5e155e1907a81a73f61736aae8f930";

const LOADERS: readonly (readonly [string, readonly string[], Record<string, string>])[] = [
  ["this clone's own, as in Pulumi.yaml", ["--require", "./components/source.cjs"], {}],
  [
    "ts-node, the SDK's default",
    ["--require", "ts-node/register/transpile-only"],
    { TS_NODE_PROJECT: "tsconfig.run.json" },
  ],
  ["tsx", ["--import", "tsx"], {}],
];

const print = async (args: readonly string[], env: Record<string, string>): Promise<string> => {
  const command = [...args, PRINT, join(ROOT, "components")];
  const options = { cwd: ROOT, env: { ...process.env, ...env } };
  return JSON.parse((await promisify(execFile)(process.execPath, command, options)).stdout) as string;
};

interface Handlers {
  readonly handler: () => Record<string, (...args: unknown[]) => Promise<unknown>>;
}

/** As the SDK's provider process does it: the text is a module. */
const evaluate = (gates: Record<string, unknown>): Handlers => {
  const exports = {};
  const createRequire = (from: string) => (name: string) =>
    from === "/program/package.json" && name === "changeover/gates" ? gates : undefined;
  vm.runInNewContext(SHELL, {
    exports,
    require: () => ({ createRequire }),
    process: { cwd: () => "/program" },
  });
  return exports as Handlers;
};

jest.setTimeout(60_000);

describe("the text that every gate stores", () => {
  it("is the one that is in users' states", () => {
    expect(createHash("sha256").update(SHELL).digest("hex")).toBe(PINNED);
    expect(SHELL.length).toBeLessThan(1_000);
  });

  it.each(LOADERS)("is the same when the program is loaded by %s", async (_loader, args, env) => {
    expect(await print(args, env)).toBe(SHELL);
  });

  it.each([
    ["check", ["olds", "news"]],
    ["diff", ["id", "olds", "news"]],
    ["create", ["inputs"]],
    ["update", ["id", "olds", "news"]],
    ["delete", ["id", "props"]],
  ])("forwards %s to the package that the program has installed", async (name, args) => {
    const heard = jest.fn().mockResolvedValue("answer");
    const provider = evaluate({ [name]: heard }).handler();
    expect(await provider[name]?.(...args)).toBe("answer");
    expect(heard).toHaveBeenCalledWith(...args);
  });
});
