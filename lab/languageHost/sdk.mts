/** The SDK's gRPC stubs, all of one copy: messages made by another copy of these libraries would be refused. */
import { createRequire } from "node:module";
import { dirname } from "node:path";
import type * as Grpc from "@grpc/grpc-js";
import type * as AnalyzerServices from "@pulumi/pulumi/proto/analyzer_grpc_pb.js";
import type * as AnalyzerMessages from "@pulumi/pulumi/proto/analyzer_pb.js";
import type * as Services from "@pulumi/pulumi/proto/language_grpc_pb.js";
import type * as Messages from "@pulumi/pulumi/proto/language_pb.js";
import type * as Plugins from "@pulumi/pulumi/proto/plugin_pb.js";
import type * as Empties from "google-protobuf/google/protobuf/empty_pb.js";

const here = createRequire(import.meta.url);
const manifestPath = here.resolve("@pulumi/pulumi/package.json");
const fromSdk = createRequire(manifestPath);

export const grpc = fromSdk("@grpc/grpc-js") as typeof Grpc;
export const services = fromSdk("./proto/language_grpc_pb.js") as typeof Services;
export const messages = fromSdk("./proto/language_pb.js") as typeof Messages;
export const plugins = fromSdk("./proto/plugin_pb.js") as typeof Plugins;
export const analyzerServices = fromSdk("./proto/analyzer_grpc_pb.js") as typeof AnalyzerServices;
export const analyzerMessages = fromSdk("./proto/analyzer_pb.js") as typeof AnalyzerMessages;
export const { Empty } = fromSdk("google-protobuf/google/protobuf/empty_pb.js") as typeof Empties;

export const sdkFolder = dirname(manifestPath);
export const NO_INFO = new messages.ProgramInfo();
export const NO_LIMIT = { "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 };

/** An error that reaches the engine as this status with this text. */
export const statusError = (code: Grpc.status, message: string): Error =>
  Object.assign(new Error(message), { code, details: message });
