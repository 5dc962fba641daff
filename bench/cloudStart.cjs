/**
 * One start of a program, without an engine: `node cloudStart.cjs program|bare FILE`. `program` is the stack that FILE
 * describes, `bare` loads the SDK modules that its adapter loads and registers one resource. Prints seconds, megabytes and
 * the packages of clouds that were loaded.
 */
require("../components/source.cjs");
const { readFileSync } = require("node:fs");
const { performance } = require("node:perf_hooks");
const { parse } = require("yaml");

const [kind, file] = process.argv.slice(2);
const { config } = parse(readFileSync(file, "utf8"));
const texts = Object.entries(config).map(([key, value]) => [key, JSON.stringify(value)]);
process.env.PULUMI_CONFIG = JSON.stringify(Object.fromEntries(texts));

/** What the adapter of each cloud loads of its provider's SDK. */
const MODULES = {
  eks: [
    "@pulumi/aws/eks/cluster",
    "@pulumi/aws/eks/nodeGroup",
    "@pulumi/aws/eks/addon",
    "@pulumi/aws/provider",
  ],
  gke: ["@pulumi/gcp/container/cluster", "@pulumi/gcp/container/nodePool", "@pulumi/gcp/provider"],
  aks: [
    "@pulumi/azure-native/containerservice/agentPool",
    "@pulumi/azure-native/containerservice/managedCluster",
    "@pulumi/azure-native/provider",
  ],
};

const { setMocks } = require("@pulumi/pulumi/runtime/mocks");
const mocks = {
  newResource: ({ name, inputs }) => ({ id: name, state: inputs }),
  call: ({ inputs }) => inputs,
};
setMocks(mocks, "bench", "bench", false, "organization");

const runBare = () => {
  const { ComponentResource } = require("@pulumi/pulumi/resource");
  const { cloud } = config["changeover:cluster"];
  for (const name of MODULES[cloud]) require(name);
  new ComponentResource("bench:index:Bare", "bare");
};

const SDK =
  /node_modules\/(@pulumi\/(?:aws|gcp|azure-native|command)|@aws-sdk|@azure|google-auth-library|ssh2)\//;

const loaded = () => [...new Set(Object.keys(require.cache).flatMap(path => SDK.exec(path)?.[1] ?? []))];

process.on("exit", () => {
  const megabytes = process.resourceUsage().maxRSS / 1024;
  process.stdout.write(
    `${JSON.stringify({ seconds: performance.now() / 1000, megabytes, loaded: loaded() })}\n`,
  );
});

if (kind === "bare") runBare();
else require("../index.ts");
