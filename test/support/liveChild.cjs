/** A process as gates have it: it loads a cloud's live half from source and does what its parent asks. */
require("../../components/source.cjs");
const { liveOf } = require("../../components/clouds/live.ts");

const WAITS_MS = 120_000;

/** Neither a function nor a signal comes from another process: a change of a pool gets its own. */
const attended = arg =>
  arg.generation === undefined
    ? arg
    : { ...arg, log: () => undefined, signal: AbortSignal.timeout(WAITS_MS) };

/** What takes a signal beside its question. */
const SIGNALLED = ["readiness"];

const rest = (method, args) => (SIGNALLED.includes(method) ? [AbortSignal.timeout(WAITS_MS)] : args.slice(1));

process.on("message", async ({ id, cloud, method, args }) => {
  try {
    process.send({ id, value: await liveOf(cloud)[method](attended(args[0]), ...rest(method, args)) });
  } catch (error) {
    process.send({ id, error: error.message });
  }
});
process.once("disconnect", () => process.exit(0));
