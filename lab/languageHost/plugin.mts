/**
 * Runs plugins, policy packs above all. A pack reads stack name and config from its environment, which the engine only
 * tells it over gRPC: so we listen first, start the pack at the first call and pass every call on.
 */
import type { ChildProcess } from "node:child_process";
import { createRequire } from "node:module";
import { extname } from "node:path";
import { createInterface } from "node:readline";
import type * as Grpc from "@grpc/grpc-js";
import type * as AnalyzerMessages from "@pulumi/pulumi/proto/analyzer_pb.js";
import type * as Messages from "@pulumi/pulumi/proto/language_pb.js";
import type * as Children from "./children.mjs";
import type * as Sdk from "./sdk.mjs";

const here = createRequire(import.meta.url);
const extension = extname(import.meta.filename);
const sdk = here(`./sdk${extension}`) as typeof Sdk;
const { grpc, messages, NO_INFO, NO_LIMIT, statusError } = sdk;
const { ended, interrupt, runnerIn, settingsOf, startNode } = here(
  `./children${extension}`,
) as typeof Children;

export type PluginCall = Grpc.ServerWritableStream<Messages.RunPluginRequest, Messages.RunPluginResponse>;

const ANALYZER = "analyzer";
const isPack = (call: PluginCall): boolean => call.request.getKind() === ANALYZER;

const environmentOf = (request: Messages.RunPluginRequest): NodeJS.ProcessEnv => {
  const pairs = request.getEnvList().map(pair => pair.split(/=(.*)/s).slice(0, 2));
  const given = pairs.length > 0 ? (Object.fromEntries(pairs) as NodeJS.ProcessEnv) : process.env;
  return { ...given, ...settingsOf(request.getInfo() ?? NO_INFO).env };
};

/** Packs run in their own folder and take it as last argument; other plugins take it first. */
const startPlugin = (call: PluginCall, extraEnv: NodeJS.ProcessEnv): ChildProcess => {
  const info = call.request.getInfo() ?? NO_INFO;
  const directory = info.getProgramDirectory();
  const pack = isPack(call);
  const own = pack ? [...call.request.getArgsList(), directory] : [directory, ...call.request.getArgsList()];
  const args = [
    ...settingsOf(info).nodeArgs,
    runnerIn(directory, pack ? "run-policy-pack" : "run-plugin"),
    ...own,
  ];
  const cwd = pack ? directory : call.request.getPwd() || directory;
  const env = { ...environmentOf(call.request), ...extraEnv };
  const child = startNode(args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  call.once("cancelled", () => interrupt(child));
  child.stderr?.on("data", (bytes: Buffer) => call.write(new messages.RunPluginResponse().setStderr(bytes)));
  return child;
};

const tell = (call: PluginCall, text: string): boolean =>
  call.write(new messages.RunPluginResponse().setStdout(Buffer.from(text)));

const runPlain = async (call: PluginCall): Promise<void> => {
  const child = startPlugin(call, {});
  child.stdout?.on("data", (bytes: Buffer) => call.write(new messages.RunPluginResponse().setStdout(bytes)));
  call.write(new messages.RunPluginResponse().setExitcode(await ended(child)));
};

const stackEnvironment = (stack: AnalyzerMessages.AnalyzerStackConfigureRequest): NodeJS.ProcessEnv => ({
  PULUMI_NODEJS_ORGANIZATION: stack.getOrganization(),
  PULUMI_NODEJS_PROJECT: stack.getProject(),
  PULUMI_NODEJS_STACK: stack.getStack(),
  PULUMI_NODEJS_DRY_RUN: String(stack.getDryRun()),
  PULUMI_CONFIG: JSON.stringify(Object.fromEntries(stack.getConfigMap().toArray())),
});

/** The pack's first line is its port; what follows is for the user. */
const connectPack = (call: PluginCall, env: NodeJS.ProcessEnv): Promise<Grpc.Client> =>
  new Promise((resolve, reject) => {
    const child = startPlugin(call, env);
    const lines = createInterface({ input: child.stdout as NonNullable<ChildProcess["stdout"]> });
    lines.once("line", port => {
      resolve(new grpc.Client(`127.0.0.1:${port}`, grpc.credentials.createInsecure(), NO_LIMIT));
      lines.on("line", line => tell(call, `${line}\n`));
    });
    const gone = (why: string): void =>
      reject(statusError(grpc.status.UNAVAILABLE, `the policy pack ${why}`));
    child.once("error", error => gone(error.message));
    child.once("close", code => {
      gone(`ended with code ${code ?? "none"} before it was ready`);
      call.write(new messages.RunPluginResponse().setExitcode(code ?? 1));
      call.end();
    });
  });

const asIs = (bytes: Buffer): Buffer => bytes;

type Forward = (path: string, bytes: Buffer, reply: Grpc.sendUnaryData<Buffer>) => void;

const startForwarding = (call: PluginCall): Forward => {
  let pack: Promise<Grpc.Client> | undefined;
  const configureStack = sdk.analyzerServices.AnalyzerService.configureStack.path;
  return (path, bytes, reply) => {
    const stack = sdk.analyzerMessages.AnalyzerStackConfigureRequest;
    pack ??= connectPack(
      call,
      path === configureStack ? stackEnvironment(stack.deserializeBinary(bytes)) : {},
    );
    const answer = (error: Grpc.ServiceError | null, value?: Buffer): void => reply(error, value);
    pack.then(
      client => client.makeUnaryRequest(path, asIs, asIs, bytes, answer),
      (error: unknown) => reply(error as Grpc.ServiceError),
    );
  };
};

/** Handshake is left out: packs don't serve it, and the engine expects that. */
const runPack = async (call: PluginCall): Promise<void> => {
  const forward = startForwarding(call);
  const methods = Object.entries(sdk.analyzerServices.AnalyzerService).filter(
    ([name]) => name !== "handshake",
  );
  const codec = {
    requestSerialize: asIs,
    requestDeserialize: asIs,
    responseSerialize: asIs,
    responseDeserialize: asIs,
  };
  const shape = methods.map(([name, { path }]) => [
    name,
    { ...codec, path, requestStream: false, responseStream: false },
  ]);
  const handlers = methods.map(([name, { path }]) => {
    const handle: Grpc.handleUnaryCall<Buffer, Buffer> = (inner, reply) =>
      forward(path, inner.request, reply);
    return [name, handle];
  });
  const proxy = new grpc.Server(NO_LIMIT);
  proxy.addService(
    Object.fromEntries(shape) as Grpc.ServiceDefinition,
    Object.fromEntries(handlers) as Grpc.UntypedServiceImplementation,
  );
  const port = await new Promise<number>((resolve, reject) =>
    proxy.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    ),
  );
  tell(call, `${port}\n`);
  await new Promise<void>(resolve => call.once("cancelled", resolve).once("finish", resolve));
  proxy.forceShutdown();
};

export const runPlugin = (call: PluginCall): Promise<void> => (isPack(call) ? runPack(call) : runPlain(call));
