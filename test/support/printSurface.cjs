/** Prints what a program sees of the package at argv[2], loaded by whatever loader runs this. */
const { join } = require("node:path");

const [, , root] = process.argv;
const surface = require(join(root, "components"));
const gates = require(join(root, "components/gates/load.cjs"));
const config = {
  cluster: { name: "a", cloud: "lab", version: "1.36" },
  pools: { workers: { size: { min: 1, max: 2 } } },
};
const parsed = surface.parseStack(config);
console.log(JSON.stringify([Object.keys(surface).sort(), Object.keys(gates).sort(), parsed]));
