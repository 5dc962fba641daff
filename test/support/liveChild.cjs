/** A process as gates have it: it loads a cloud's live half from source and does what its parent asks. */
require("../../components/source.cjs");
const { liveOf } = require("../../components/clouds/live.ts");

process.on("message", async ({ id, cloud, method, args }) => {
  try {
    process.send({ id, value: await liveOf(cloud)[method](...args) });
  } catch (error) {
    process.send({ id, error: error.message });
  }
});
process.once("disconnect", () => process.exit(0));
