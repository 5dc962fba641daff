import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { credentials, type ServiceError } from "@grpc/grpc-js";
import { AnalyzerClient } from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import { AnalyzerStackConfigureRequest } from "@pulumi/pulumi/proto/analyzer_pb";
import {
  AboutRequest,
  GetProgramDependenciesRequest,
  GetRequiredPackagesRequest,
  InstallDependenciesRequest,
  LanguageHandshakeRequest,
  ProgramInfo,
  RunPluginRequest,
  RunRequest,
  type RunPluginResponse,
  type RunResponse,
} from "@pulumi/pulumi/proto/language_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct, type JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb";
import { startHost, type HostDriver } from "./hostDriver";

jest.setTimeout(60_000);

let host: HostDriver;
beforeEach(async () => (host = await startHost()));
afterEach(() => host.close());

type Reply<T> = (error: ServiceError | null, value: T) => void;
const ask = <T>(call: (reply: Reply<T>) => unknown): Promise<T> =>
  new Promise((resolve, reject) => call((error, value) => (error === null ? resolve(value) : reject(error))));

const infoOf = (folder: string, options: Record<string, JavaScriptValue> = {}): ProgramInfo =>
  new ProgramInfo()
    .setRootDirectory(folder)
    .setProgramDirectory(folder)
    .setEntryPoint("index.ts")
    .setOptions(Struct.fromJavaScript(options));

const SDK = "node_modules/@pulumi/pulumi";
const withRunner = (name: string, code: string): Record<string, string> => ({
  [`${SDK}/package.json`]: JSON.stringify({ name: "@pulumi/pulumi", version: "3.1.2" }),
  [`${SDK}/cmd/${name}/index.js`]: code,
});
const TELL_ALL = `
require("fs").writeFileSync(__dirname + "/told", JSON.stringify({ argv: process.argv.slice(2), exec: process.execArgv, env: process.env }));
`;

interface Told {
  readonly argv: string[];
  readonly exec: string[];
  readonly env: Record<string, string | undefined>;
}
const toldBy = async (folder: string): Promise<Told> =>
  JSON.parse(await readFile(join(folder, SDK, "cmd/run/told"), "utf8")) as Told;

const runRequest = (folder: string, options?: Record<string, JavaScriptValue>): RunRequest => {
  const request = new RunRequest().setProject("tiny").setStack("dev").setOrganization("me").setParallel(7);
  request.setMonitorAddress("127.0.0.1:1").setDryrun(true).setInfo(infoOf(folder, options));
  request
    .setConfigsecretkeysList(["tiny:token"])
    .getConfigMap()
    .set("tiny:word", "good")
    .set("tiny:token", "hush");
  return request;
};
const run = (request: RunRequest): Promise<RunResponse> => ask(reply => host.client.run(request, reply));

describe("the engine's first questions", () => {
  it("are answered: handshake, about, plugin info", async () => {
    await ask(reply => host.client.handshake(new LanguageHandshakeRequest(), reply));
    const about = await ask<{ getVersion(): string; getExecutable(): string }>(reply =>
      host.client.about(new AboutRequest(), reply),
    );
    expect(about.getVersion()).toMatch(/^v\d+\./);
    expect(about.getExecutable()).toBe(process.execPath);
    const info = await ask<{ getVersion(): string }>(reply => host.client.getPluginInfo(new Empty(), reply));
    expect(info.getVersion()).toMatch(/^3\.\d+\.\d+$/);
  });

  it("about provider plugins are answered from installed packages", async () => {
    const folder = await host.program({
      "node_modules/@pulumi/aws/package.json":
        '{"name":"@pulumi/aws","version":"7.1.0","pulumi":{"resource":true}}',
      "node_modules/plain/package.json": '{"name":"plain","version":"1.0.0"}',
    });
    const request = new GetRequiredPackagesRequest().setInfo(infoOf(folder));
    const answer = await ask<{
      toObject(): { packagesList: { name: string; version: string; kind: string }[] };
    }>(reply => host.client.getRequiredPackages(request, reply));
    const found = answer.toObject().packagesList.map(({ name, version, kind }) => ({ name, version, kind }));
    expect(found).toEqual([{ name: "aws", version: "v7.1.0", kind: "resource" }]);
  });

  it("about dependencies are answered with what is really installed, direct ones unless all are asked for", async () => {
    const folder = await host.program({
      "package.json": '{"dependencies":{"direct":"^1.0.0"}}',
      "node_modules/direct/package.json": '{"name":"direct","version":"1.2.3"}',
      "node_modules/deeper/package.json": '{"name":"deeper","version":"4.5.6"}',
    });
    const dependencies = async (all: boolean): Promise<string[]> => {
      const request = new GetProgramDependenciesRequest()
        .setInfo(infoOf(folder))
        .setTransitivedependencies(all);
      const answer = await ask<{ toObject(): { dependenciesList: { name: string; version: string }[] } }>(
        reply => host.client.getProgramDependencies(request, reply),
      );
      return answer.toObject().dependenciesList.map(({ name, version }) => `${name}@${version}`);
    };
    expect(await dependencies(false)).toEqual(["direct@1.2.3"]);
    expect(await dependencies(true)).toEqual(["deeper@4.5.6", "direct@1.2.3"]);
  });

  it("to install dependencies is refused with what to do when they are missing", async () => {
    const folder = await host.program({ "package.json": "{}" });
    const call = host.client.installDependencies(new InstallDependenciesRequest().setInfo(infoOf(folder)));
    const refused = new Promise<ServiceError>(resolve => call.once("error", resolve));
    call.resume();
    expect((await refused).message).toContain('run "npm ci" there');
  });
});

describe("a program", () => {
  it("gets its stack, config and the options of Pulumi.yaml", async () => {
    const folder = await host.program(withRunner("run", TELL_ALL));
    const options = { tsconfig: "tsconfig.run.json", nodeargs: '--stack-trace-limit=33 --title "two words"' };
    const answer = await run(runRequest(folder, options));
    expect([answer.getError(), answer.getBail()]).toEqual(["", false]);
    const { argv, exec, env } = await toldBy(folder);
    expect(argv.join(" ")).toMatch(
      /^--monitor 127\.0\.0\.1:1 --engine 127\.0\.0\.1:\d+ --organization me --project tiny/,
    );
    expect(argv.slice(-4)).toEqual(["--parallel", "7", "--dry-run", "index.ts"]);
    expect(argv).toEqual(expect.arrayContaining(["--stack", "dev", "--root-directory", folder, "--pwd"]));
    expect(exec).toEqual(["--stack-trace-limit=33", "--title", "two words"]);
    expect(JSON.parse(env["PULUMI_CONFIG"] ?? "")).toEqual({ "tiny:word": "good", "tiny:token": "hush" });
    expect(env["PULUMI_CONFIG_SECRET_KEYS"]).toBe('["tiny:token"]');
    expect(env["PULUMI_NODEJS_TYPESCRIPT"]).toBe("true");
    expect(env["PULUMI_NODEJS_TSCONFIG_PATH"]).toBe("tsconfig.run.json");
  });

  it("is not compiled when Pulumi.yaml says typescript: false", async () => {
    const folder = await host.program(withRunner("run", TELL_ALL));
    await run(runRequest(folder, { typescript: false }));
    expect((await toldBy(folder)).env["PULUMI_NODEJS_TYPESCRIPT"]).toBeUndefined();
  });

  it("that has told the user itself what is wrong only bails out", async () => {
    const folder = await host.program(withRunner("run", "process.exit(32)"));
    const answer = await run(runRequest(folder));
    expect([answer.getError(), answer.getBail()]).toEqual(["", true]);
  });

  it("that ends with another code is an error with that code", async () => {
    const folder = await host.program(withRunner("run", "process.exit(3)"));
    expect((await run(runRequest(folder))).getError()).toBe("Program exited with non-zero exit code: 3");
  });

  it("prints where the engine reads", async () => {
    const folder = await host.program(withRunner("run", 'console.log("hello from the program")'));
    await run(runRequest(folder));
    await until(() => host.text().includes("hello from the program"));
  });

  it("without its SDK is refused with what to do", async () => {
    const folder = await host.program({ "package.json": "{}" });
    await expect(run(runRequest(folder))).rejects.toThrow(/not installed.*npm ci/);
  });
});

/** Writes `pid` when it runs and `interrupted` when a SIGINT has arrived. */
const LIVES_ON = `
const fs = require("fs");
process.on("SIGINT", () => { fs.writeFileSync(__dirname + "/interrupted", ""); process.exit(5); });
fs.writeFileSync(__dirname + "/pid", String(process.pid));
setInterval(() => {}, 1000);
`;

describe("the end", () => {
  const startLiving = async (): Promise<{
    mark: (name: string) => string;
    answer: Promise<RunResponse | undefined>;
  }> => {
    const folder = await host.program(withRunner("run", LIVES_ON));
    const mark = (name: string): string => join(folder, SDK, "cmd/run", name);
    const answer = run(runRequest(folder)).catch(() => undefined);
    await until(() => existsSync(mark("pid")));
    return { mark, answer };
  };

  it("comes to a running program as SIGINT when the engine cancels", async () => {
    const { mark, answer } = await startLiving();
    await ask(reply => host.client.cancel(new Empty(), reply));
    expect((await answer)?.getError()).toContain("5");
    expect(existsSync(mark("interrupted"))).toBe(true);
  });

  it("comes to host and program when the engine is gone without a word", async () => {
    const { mark } = await startLiving();
    host.killEngine();
    await host.ended;
    await until(() => existsSync(mark("interrupted")));
  });
});

/** A policy pack that answers "plugin info" with what it sees of its stack. */
const PACK = `
const from = require("module").createRequire("REPOSITORY_MODULES/pulumi/package.json");
const grpc = from("@grpc/grpc-js");
const { AnalyzerService } = from("./proto/analyzer_grpc_pb.js");
const { PluginInfo } = from("./proto/plugin_pb.js");
const { AnalyzerStackConfigureResponse } = from("./proto/analyzer_pb.js");
const { PULUMI_NODEJS_STACK, PULUMI_NODEJS_PROJECT, PULUMI_CONFIG } = process.env;
const seen = [PULUMI_NODEJS_PROJECT, PULUMI_NODEJS_STACK, PULUMI_CONFIG, process.cwd() === process.argv.at(-1), process.argv.length];
const server = new grpc.Server();
server.addService(AnalyzerService, {
  getPluginInfo: (call, reply) => reply(null, new PluginInfo().setVersion(seen.join(" "))),
  configureStack: (call, reply) => reply(null, new AnalyzerStackConfigureResponse()),
});
server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
  console.log(String(port));
  console.log("the pack says hello");
});
`;

describe("a policy pack", () => {
  const startPack = async (
    code: string,
  ): Promise<{ pack: AnalyzerClient; text: () => string; stop: () => void }> => {
    const folder = await host.program(withRunner("run-policy-pack", code));
    const request = new RunPluginRequest()
      .setKind("analyzer")
      .setInfo(infoOf(folder))
      .setArgsList(["engine:1"]);
    const stream = host.client.runPlugin(request);
    let text = "";
    stream.on("data", (part: RunPluginResponse) => (text += Buffer.from(part.getStdout_asU8()).toString()));
    stream.on("error", () => undefined);
    await until(() => text.includes("\n"));
    const pack = new AnalyzerClient(`127.0.0.1:${text.trim()}`, credentials.createInsecure());
    return { pack, text: () => text, stop: () => stream.cancel() };
  };
  const version = (pack: AnalyzerClient): Promise<{ getVersion(): string }> =>
    ask(reply => pack.getPluginInfo(new Empty(), reply));

  it("sees the stack's name and config, as with Pulumi's own host", async () => {
    const { pack, text, stop } = await startPack(PACK);
    const stack = new AnalyzerStackConfigureRequest().setProject("tiny").setStack("dev");
    stack.getConfigMap().set("tiny:word", "good");
    await ask(reply => pack.configureStack(stack, reply));
    expect((await version(pack)).getVersion()).toBe('tiny dev {"tiny:word":"good"} true 4');
    await until(() => text().includes("the pack says hello"));
    pack.close();
    stop();
  });

  it("is started without a stack when nobody tells of one", async () => {
    const { pack, stop } = await startPack(PACK);
    expect((await version(pack)).getVersion()).toBe("   true 4");
    pack.close();
    stop();
  });

  it("ends when the engine closes its stream", async () => {
    const { pack, stop } = await startPack(PACK.replace('seen.join(" ")', "String(process.pid)"));
    const pid = Number((await version(pack)).getVersion());
    stop();
    await until(() => !isAlive(pid));
    pack.close();
  });

  it("that ends before it listens fails the question with its code", async () => {
    const { pack } = await startPack("process.exit(9)");
    await expect(version(pack)).rejects.toThrow(/policy pack ended with code 9/);
    pack.close();
  });
});

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

const until = async (holds: () => boolean): Promise<void> => {
  const deadline = Date.now() + 20_000;
  while (!holds()) {
    if (Date.now() > deadline) throw new Error(`not so after 20 s: ${holds.toString()}`);
    await new Promise(resolve => setTimeout(resolve, 20));
  }
};
