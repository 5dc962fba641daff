import type { GateInputs } from "../protocol";
import { sdkModule } from "./sdkModule";

interface LogRequest {
  setSeverity(level: number): void;
  setMessage(text: string): void;
  setUrn(urn: string): void;
}

interface Engine {
  log(request: LogRequest, done: (error: Error | null) => void): void;
}

interface EngineStubs {
  readonly EngineClient: new (address: string, credentials: unknown) => Engine;
}
interface EngineMessages {
  readonly LogRequest: new () => LogRequest;
  readonly LogSeverity: { readonly INFO: number };
}
interface Grpc {
  readonly credentials: { createInsecure(): unknown };
}

type Say = (urn: string, line: string, undelivered: () => void) => void;

/** The SDK opens no channel to the engine for dynamic providers, but hands them the engine's address. */
const openRows = (address: string): Say => {
  const { EngineClient } = sdkModule("@pulumi/pulumi/proto/engine_grpc_pb") as EngineStubs;
  const { LogRequest, LogSeverity } = sdkModule("@pulumi/pulumi/proto/engine_pb") as EngineMessages;
  const { credentials } = sdkModule("@grpc/grpc-js") as Grpc;
  const engine = new EngineClient(address, credentials.createInsecure());
  return (urn, line, undelivered) => {
    const request = new LogRequest();
    request.setSeverity(LogSeverity.INFO);
    request.setMessage(line);
    request.setUrn(urn);
    engine.log(request, error => {
      if (error !== null) undelivered();
    });
  };
};

let rows: Say | undefined;

/** One line on the gate's own row of Pulumi's display; on the stack's row where the engine can't be reached so. */
export const sayOnRow = ({ gate, urn }: GateInputs, line: string): void => {
  const text = `[${gate}] ${line}`;
  const onStack = (): void => console.log(text);
  const [, , address] = process.argv;
  if (urn === undefined || address === undefined) {
    onStack();
    return;
  }
  try {
    rows ??= openRows(address);
    rows(urn, text, onStack);
  } catch {
    onStack();
  }
};
