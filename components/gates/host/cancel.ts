import { connect } from "node:net";
import { sdkModule } from "./sdkModule";

const CANCEL = "/pulumirpc.ResourceProvider/Cancel";
const ENGINE_CHECK_MS = 1_000;

/**
 * The signal of this process. The engine's Cancel RPC (first Ctrl-C) is swallowed by the SDK's provider server, and
 * the process outlives a killed CLI: both are watched here (docs/adr/0001).
 */
export const processSignal = (): AbortSignal => {
  const controller = new AbortController();
  watchCancel(() => controller.abort(new Error("cancelled: Ctrl-C")));
  watchEngine(() => {
    controller.abort(new Error("the Pulumi engine is gone"));
    setTimeout(() => process.exit(1), 5_000).unref();
  });
  process.once("SIGINT", () => process.exit(130));
  return controller.signal;
};

interface HandlerTable {
  _retrieveHandler(path: string): unknown;
}

/** The SDK's own copy of grpc-js looks up a handler by path for each call; seeing that look-up is seeing the call. */
const watchCancel = (onCancel: () => void): void => {
  const { Server } = sdkModule("@grpc/grpc-js") as { Server: { prototype: HandlerTable } };
  // eslint-disable-next-line @typescript-eslint/unbound-method -- called with the server below
  const retrieve = Server.prototype._retrieveHandler;
  Server.prototype._retrieveHandler = function (this: HandlerTable, path) {
    if (path === CANCEL) onCancel();
    return retrieve.call(this, path);
  };
};

/** A shell script stands between the engine and this process, so a parent's pid says nothing; its address does. */
const watchEngine = (onGone: () => void): void => {
  const [host, port] = (process.argv[2] ?? "").split(":");
  if (host === undefined || port === undefined) return;
  const timer = setInterval(() => {
    const socket = connect({ host, port: Number(port) });
    socket.once("connect", () => socket.destroy());
    socket.once("error", error => {
      if ((error as NodeJS.ErrnoException).code !== "ECONNREFUSED") return;
      clearInterval(timer);
      onGone();
    });
  }, ENGINE_CHECK_MS);
  timer.unref();
};
