/**
 * A `pulumi-language-nodejs` for machines that cannot reach the official Pulumi download: the engine can be built
 * from Go modules there, its Node.js language host cannot. Used only then (see pulumi.ts); everywhere else Pulumi's
 * own host runs. It serves what this repository needs: programs, policy packs, plugins and questions about them.
 * Not here: code generation, debugging, ES module programs, parameterised packages, synchronous invokes.
 *
 * Erasable TypeScript, so that `node host.mts` starts it at once and a package may ship it compiled, as `host.mjs`;
 * siblings are therefore loaded by this file's own extension.
 * Protocol: the engine's address is the last argument, our port is the first line on stdout.
 */
import { createRequire } from "node:module";
import { extname } from "node:path";
import type * as Grpc from "@grpc/grpc-js";
import type * as Messages from "@pulumi/pulumi/proto/language_pb.js";
import type * as Empties from "google-protobuf/google/protobuf/empty_pb.js";
import type * as Children from "./children.mjs";
import type * as Packages from "./packages.mjs";
import type * as Plugin from "./plugin.mjs";
import type * as Program from "./program.mjs";
import type * as Sdk from "./sdk.mjs";

const here = createRequire(import.meta.url);
const extension = extname(import.meta.filename);
const { Empty, grpc, messages, NO_LIMIT, services } = here(`./sdk${extension}`) as typeof Sdk;
const { interruptAll, runnerIn } = here(`./children${extension}`) as typeof Children;
const { runProgram } = here(`./program${extension}`) as typeof Program;
const { runPlugin } = here(`./plugin${extension}`) as typeof Plugin;
const questions = here(`./packages${extension}`) as typeof Packages;

let engineAddress = "";

const leave = (): never => {
  interruptAll();
  process.exit(0);
};

/** The engine may be killed without a word; its closed connection is the only news then. */
const watchEngine = (address: string): void => {
  if (address === "" || address === engineAddress) return;
  engineAddress = address;
  const channel = new grpc.Client(address, grpc.credentials.createInsecure()).getChannel();
  const follow = (): void => {
    const state = channel.getConnectivityState(true);
    if (state === grpc.connectivityState.TRANSIENT_FAILURE) leave();
    channel.watchConnectivityState(state, Infinity, follow);
  };
  follow();
};

const unary =
  <In, Out>(answer: (request: In) => Out | Promise<Out>): Grpc.handleUnaryCall<In, Out> =>
  (call, callback) => {
    const answered = (async () => answer(call.request))();
    answered.then(
      value => callback(null, value),
      (error: unknown) => callback(error as Grpc.ServiceError),
    );
  };

type Writer<In, Out> = (call: Grpc.ServerWritableStream<In, Out>) => void | Promise<void>;

const streaming =
  <In, Out>(answer: Writer<In, Out>): Grpc.handleServerStreamingCall<In, Out> =>
  call => {
    const answered = (async () => answer(call))();
    answered.then(
      () => call.end(),
      (error: unknown) => call.emit("error", error),
    );
  };

const handshake = (request: Messages.LanguageHandshakeRequest): Messages.LanguageHandshakeResponse => {
  watchEngine(request.getEngineAddress());
  return new messages.LanguageHandshakeResponse();
};

/** Installs nothing, and says so: where this host runs, only the user knows which registry may be asked. */
const installDependencies: Writer<
  Messages.InstallDependenciesRequest,
  Messages.InstallDependenciesResponse
> = call => {
  const directory = call.request.getInfo()?.getProgramDirectory() ?? call.request.getDirectory();
  runnerIn(directory, "run");
  const text = `Dependencies of ${directory} are there; nothing was installed (run "npm ci" to renew them).\n`;
  call.write(new messages.InstallDependenciesResponse().setStdout(Buffer.from(text)));
};

const cancel = (): Empties.Empty => {
  interruptAll();
  return new Empty();
};

const server = new grpc.Server(NO_LIMIT);
server.addService(services.LanguageRuntimeService, {
  handshake: unary(handshake),
  run: unary((request: Messages.RunRequest) => runProgram(request, engineAddress)),
  runPlugin: streaming(runPlugin),
  getRequiredPackages: unary(questions.requiredPackages),
  getProgramDependencies: unary(questions.programDependencies),
  getPluginInfo: unary(questions.pluginInfo),
  installDependencies: streaming(installDependencies),
  about: unary(questions.about),
  cancel: unary(cancel),
});
process.once("SIGINT", leave);
process.once("SIGTERM", leave);
server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
  if (error !== null) throw error;
  process.stdout.write(`${port}\n`);
  const address = process.argv.slice(2).at(-1);
  if (address !== undefined) watchEngine(address);
});
