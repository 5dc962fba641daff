/**
 * What the shells in Pulumi's state load. Beside a TypeScript source (this clone) it loads that;
 * in the published package it loads the compiled file. Its path and its five functions are a stable interface.
 */
const { existsSync } = require("node:fs");
const { join } = require("node:path");

const source = join(__dirname, "host", "dispatch.ts");
if (existsSync(source)) require("../source.cjs");

module.exports = require(existsSync(source) ? source : join(__dirname, "host", "dispatch.js")).gates;
