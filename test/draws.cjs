const { configureGlobal } = require("fast-check");

/**
 * The same commit, the same verdict: drawn cases are drawn alike in each run. `CHANGEOVER_SEED=random` draws others,
 * a number draws those of a run that is to be seen again; what a found case shows becomes a test of its own.
 */
const asked = process.env.CHANGEOVER_SEED ?? "20261121";
if (asked !== "random") configureGlobal({ seed: Number(asked) });
