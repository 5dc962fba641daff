#!/usr/bin/env node
/**
 * The door of the command line. In a clone it first sees to the npm packages and to a node that is new enough, then
 * runs the TypeScript source; in the published package it runs the compiled file.
 */
const { spawn } = require("node:child_process");
const { existsSync } = require("node:fs");
const { join } = require("node:path");

const root = join(__dirname, "..");
const bootstrap = join(root, "scripts", "bootstrap.cjs");
const OLDEST = [22, 18];

const tooOld = () => {
  const [major, minor] = process.versions.node.split(".").map(Number);
  return major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1]);
};

/** Runs ourselves again under another node. Ctrl-C reaches the whole process group; only the child answers it. */
const runUnder = node => {
  const child = spawn(node, [join(__dirname, "bin.cjs"), ...process.argv.slice(2)], { stdio: "inherit" });
  process.on("SIGINT", () => undefined);
  process.on("SIGTERM", () => child.kill("SIGTERM"));
  child.on("error", error => {
    console.error(`cannot run ${node}: ${error.message}`);
    process.exitCode = 1;
  });
  child.on("exit", (code, signal) => {
    process.exitCode = code ?? (signal === "SIGINT" ? 130 : 1);
  });
};

const refuseOldNode = () => {
  console.error(`changeover needs Node.js ${OLDEST.join(".")} or newer; this is ${process.versions.node}.`);
  console.error("    fix: install a newer Node.js, or in a clone run `npm install`, which brings one along");
  process.exitCode = 1;
};

const start = () => {
  const source = join(__dirname, "main.ts");
  if (existsSync(source)) require("../components/source.cjs");
  void require(existsSync(source) ? source : join(__dirname, "main.js")).main(process.argv);
};

const open = () => {
  let node = process.execPath;
  if (existsSync(bootstrap)) {
    const { ensureDependencies, nodePath } = require(bootstrap);
    ensureDependencies();
    node = nodePath();
  }
  if (!tooOld()) start();
  else if (node === process.execPath) refuseOldNode();
  else runUnder(node);
};

open();
