import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { credentials, Server, ServerCredentials } from "@grpc/grpc-js";
import { LanguageRuntimeClient } from "@pulumi/pulumi/proto/language_grpc_pb";

const HOST = join(__dirname, "../../../lab/languageHost/host.mts");
const repositoryModules = dirname(dirname(createRequire(__filename).resolve("@pulumi/pulumi/package.json")));

/** Our language host as the engine starts it, and a stand-in for the engine that it watches. */
export interface HostDriver {
  readonly client: LanguageRuntimeClient;
  /** What the host itself printed after its port. */
  text(): string;
  readonly ended: Promise<unknown>;
  /** A program folder below a temporary one, with these files. */
  program(files: Readonly<Record<string, string>>): Promise<string>;
  /** Ends the stand-in engine without a word, as `kill -9` would. */
  killEngine(): void;
  close(): Promise<void>;
}

const startEngine = async (): Promise<{ engine: Server; address: string }> => {
  const engine = new Server();
  const port = await new Promise<number>((resolve, reject) =>
    engine.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    ),
  );
  return { engine, address: `127.0.0.1:${port}` };
};

const collect = (child: ChildProcess): { port: Promise<string>; text: () => string } => {
  const lines: string[] = [];
  const output = createInterface({ input: child.stdout as NodeJS.ReadableStream });
  const port = once(output, "line").then(([line]) => line as string);
  for (const stream of [child.stdout, child.stderr])
    createInterface({ input: stream as NodeJS.ReadableStream }).on("line", line => lines.push(line));
  return { port, text: () => lines.slice(1).join("\n") };
};

export const startHost = async (): Promise<HostDriver> => {
  const root = await mkdtemp(join(tmpdir(), "changeover-host-"));
  const { engine, address } = await startEngine();
  const child = spawn(process.execPath, [HOST, address], {
    env: process.env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = once(child, "close");
  const { port, text } = collect(child);
  const client = new LanguageRuntimeClient(`127.0.0.1:${await port}`, credentials.createInsecure());
  return {
    client,
    text,
    ended,
    program: async files => {
      for (const [name, content] of Object.entries(files)) {
        const file = join(root, name);
        await mkdir(dirname(file), { recursive: true });
        await writeFile(file, content.replaceAll("REPOSITORY_MODULES", repositoryModules));
      }
      return root;
    },
    killEngine: () => engine.forceShutdown(),
    close: async () => {
      client.close();
      engine.forceShutdown();
      child.kill("SIGTERM");
      await ended;
      await rm(root, { recursive: true, force: true });
    },
  };
};
