/** A process as gates have it: it loads a cloud's live half from source and does what its parent asks. */
require("../../components/source.cjs");
const { liveOf } = require("../../components/clouds/live.ts");

const WAITS_MS = 120_000;

/** Neither a function nor a signal comes from another process: a change of a pool or a stage gets its own. */
const attended = arg =>
  arg.generation === undefined && arg.stage === undefined
    ? arg
    : { ...arg, log: () => undefined, signal: AbortSignal.timeout(WAITS_MS) };

/** Those whose second argument is a signal. */
const READING = ["readiness", "explainNoAccess", "checkPlace"];
const readyArgs = ([wanted]) => [wanted, AbortSignal.timeout(WAITS_MS)];
const usualArgs = ([first, ...rest]) => [attended(first), ...rest];

process.on("message", async ({ id, cloud, method, args }) => {
  try {
    const own = READING.includes(method) ? readyArgs(args) : usualArgs(args);
    process.send({ id, value: await liveOf(cloud)[method](...own) });
  } catch (error) {
    process.send({ id, error: error.message });
  }
});
process.once("disconnect", () => process.exit(0));
