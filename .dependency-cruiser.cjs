/**
 * DESIGN.md section 4 as a failing build: each rule names who may be imported; what is not listed is forbidden.
 * Order of reading: general laws first, then one entry per folder.
 */
const only = (name, from, allowed, extra = {}) => ({
  name,
  severity: "error",
  comment: `${from} may import only: ${allowed.join(", ")}`,
  from: { path: from, ...extra },
  to: { pathNot: [...allowed, "^node_modules/(@types|typescript)/"], dependencyTypesNot: ["core"] },
});
const core = "^core/";
const data = "^data/";
const pulumi = "node_modules/@pulumi/";

module.exports = {
  forbidden: [
    { name: "no-cycles", severity: "error", from: {}, to: { circular: true } },
    { name: "never-test", severity: "error", from: { pathNot: "^test/" }, to: { path: "^test/" } },
    { name: "never-cli", severity: "error", from: { pathNot: "^(cli|test)/" }, to: { path: "^cli/" } },
    { name: "resolvable", severity: "error", from: {}, to: { couldNotResolve: true } },
    {
      name: "core-has-no-effects",
      severity: "error",
      from: { path: core },
      to: { dependencyTypes: ["core"] },
    },
    {
      name: "core-siblings",
      severity: "error",
      comment: "inside core, a folder knows itself, version, identity, problem and result",
      from: { path: "^core/([^/]+)/" },
      to: { path: core, pathNot: ["^core/$1/", "^core/(version|identity)/", "^core/(problem|result)\\.ts$"] },
    },
    only("core", core, [core], { pathNot: "^core/config/" }),
    only("core-config", "^core/config/", [core, "node_modules/zod"]),
    only("data", "^data/index\\.ts$", [data, core]),
    only("kube", "^kube/", ["^kube/", core, "node_modules/"]),
    only("controlplane", "^controlplane/", ["^controlplane/", "^kube/", core, "node_modules/"]),
    only("operations", "^operations/", ["^operations/", core, data, "^kube/", "^controlplane/"]),
    only("gate-runtimes", "^components/(gates|clouds)/.*/runtime\\.ts$|^components/gates/host/", [
      "^components/gates/",
      "^components/clouds/.*/(live|runtime|protocol)\\.ts$",
      "^components/clouds/live\\.ts$",
      "^operations/",
      core,
      data,
      "^kube/",
    ]),
    only("cloud-live", "^components/clouds/([a-z/]*live\\.ts$|[^/]+/live/)", [
      "^components/clouds/(contract|kubeconfig|kubeconfigText|load)\\.ts$",
      "^components/clouds/[^/]+/(facts|protocol|live|kubeconfig)\\.ts$",
      "^components/clouds/[^/]+/live/",
      "node_modules/(@aws-sdk|@azure|@smithy|google-auth-library|ssh2|@types/ssh2|yaml)/",
      "^operations/",
      core,
      data,
      "^kube/",
      "^controlplane/",
      "^lab/",
    ]),
    // What a cloud's own kubeconfig says is read by both halves.
    only("cloud-kubeconfig", "^components/clouds/[^/]+/kubeconfig\\.ts$", ["node_modules/yaml/"]),
    only("cloud-facts", "^components/clouds/[^/]+/(facts|recognise)\\.ts$", [
      core,
      "^components/clouds/[^/]+/facts\\.ts$",
    ]),
    only("components", "^components/", ["^components/", core, data, pulumi], {
      pathNot:
        "runtime\\.ts$|/live\\.ts$|/live/|^components/gates/host/|load\\.cjs$|/(facts|recognise)\\.ts$|^components/clouds/[^/]+/kubeconfig\\.ts$",
    }),
    {
      name: "resources-never-load-runtimes",
      severity: "error",
      from: {
        path: "^components/",
        pathNot: "runtime\\.ts$|/live\\.ts$|/live/|^components/gates/host/|load\\.cjs$",
      },
      to: { path: "^components/.*(runtime|live)\\.ts$|/live/|^components/gates/host/" },
    },
    {
      name: "a-cloud-never-another",
      severity: "error",
      from: { path: "^components/clouds/([^/]+)/" },
      to: { path: "^components/clouds/([^/]+)/", pathNot: "^components/clouds/($1|shared)/" },
    },
    only("policy", "^policy/", [
      "^policy/",
      // load.cjs: how a clone reads TypeScript.
      "^components/source\\.cjs$",
      core,
      data,
      "^components/clouds/[^/]+/(facts|recognise)\\.ts$",
      "node_modules/@pulumi/(policy|pulumi)/",
    ]),
    only("fleet", "^fleet/", ["^fleet/", core, "node_modules/@pulumi/pulumi/automation"]),
    only("lab", "^lab/", ["^lab/", core, "^kube/", "^controlplane/", "node_modules/"], {
      pathNot: "^lab/auditor/",
    }),
    only("auditor-shares-no-code", "^lab/auditor/", ["^lab/auditor/", "node_modules/"]),
    only("cli", "^cli/", [
      "^cli/",
      core,
      data,
      "^operations/",
      "^fleet/",
      "^lab/",
      "^controlplane/",
      "^kube/",
      "^components/source\\.cjs$",
      "^components/clouds/[^/]+/recognise\\.ts$",
      // A stack's cluster is reached, and its cloud asked, as gates do it: by the run-time half, lazily loaded (docs/adr/0008).
      "^components/clouds/live\\.ts$",
      "node_modules/(commander|yaml|@pulumi/pulumi/automation)",
    ]),
    only("program", "^index\\.ts$", ["^components/", pulumi]),
    {
      name: "one-importer-of-client-node",
      severity: "error",
      from: { path: "^(?!kube/kubeconfig\\.ts$)" },
      to: { path: "node_modules/@kubernetes/client-node" },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^(build|templates|coverage)/" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "require", "node", "default", "types"],
    },
  },
};
