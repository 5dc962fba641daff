/** What is done before the first change of a scenario: tools, a cluster, workloads on it, an auditor. */
import { ensureTool, listTools } from "../../controlplane/tools";
import { openKube, type KubeClient } from "../../kube";
import { labKubeconfig } from "../lab";
import { ensurePulumi } from "../languageHost/pulumi";
import { startAudit } from "./audit";
import type { RunningAudit } from "./audit";
import { DEMO_CLUSTER } from "./demoHome";
import type { DemoHome } from "./demoHome";
import { mustWork, runEngine } from "./engine";
import { ensureWorkspace, writeStackText } from "./pulumiWorkspace";
import type { Workspace } from "./pulumiWorkspace";
import type { Scenario, Workloads } from "./scenario";
import { ensureVirtualNode } from "../pools/virtualNode";
import { BURST_MANIFESTS, CORNER_MANIFESTS, GPU_MANIFESTS, SHOP_MANIFESTS } from "./shop/manifests";
import type { Manifest } from "./shop/pieces";
import { openShop } from "./shop/openShop";
import { configIn, editText } from "./stackText";
import type { Stage } from "./stage";
import { cloudOnHand, type CloudOnHand, type ClusterPlace, type StandIn } from "./standIns";

/* eslint-disable @typescript-eslint/no-require-imports, @typescript-eslint/consistent-type-imports
   -- loaded where it is used: every other command would pay for it */
const standInKubernetes = () => ({
  ...(require("../clouds/kubernetes/environment") as typeof import("../clouds/kubernetes/environment")),
});
/* eslint-enable @typescript-eslint/no-require-imports, @typescript-eslint/consistent-type-imports */

export interface Place {
  /** This repository: program and policies. */
  readonly program: string;
  readonly home: DemoHome;
  readonly scenario: Scenario;
  readonly cloud: CloudOnHand;
  readonly standIn: StandIn;
}

const options = (stage: Stage): { progress: (line: string) => void; signal: AbortSignal } => ({
  progress: line => stage.say(line),
  signal: stage.signal,
});

export const prepareTools = async (stage: Stage): Promise<void> => {
  stage.heading("tools: etcd, two minors of Kubernetes, kwok, Pulumi");
  const tools = await listTools();
  for (const { id } of tools.filter(({ onDemand }) => !onDemand)) {
    const { version, origin } = await ensureTool(id, options(stage));
    stage.say(
      `${id.replace(/-.*/, "").padEnd(11)} ${version.padEnd(8)} ${origin === "built" ? "built from source" : "official release"}`,
    );
  }
};

const clusterIn = ({ stackText }: Scenario): ClusterPlace => configIn(stackText)["cluster"] as ClusterPlace;

/** The stack's text as this run can use it. */
export const asWritten = ({ standIn }: Place, text: string): string => standIn.rewrite?.(text) ?? text;

/** What stands in for the scenario's cloud, open until it is closed. */
export const openPlace = async (program: string, scenario: Scenario, home: DemoHome): Promise<Place> => {
  const cluster = clusterIn(scenario);
  const cloud = cloudOnHand(cluster.cloud);
  return { program, home, scenario, cloud, standIn: await cloud.open(home, cluster, scenario) };
};

const KUBERNETES =
  "a stand-in for Pulumi's Kubernetes provider runs the real Helm; it covers releases of charts, nothing else";

const environment = async (
  { home, scenario, standIn }: Place,
  cli: Readonly<Record<string, string>>,
  stage: Stage,
): Promise<Readonly<Record<string, string>>> => {
  const env = { ...cli, ...standIn.env(cli["PATH"] ?? "") };
  if (scenario.ownProgram === undefined) return env;
  stage.say(KUBERNETES);
  const { standInEnvironment } = standInKubernetes();
  return { ...env, ...(await standInEnvironment(home.dir, env["PATH"] ?? "", options(stage))) };
};

/** The stack's own file under another cluster name: what is shown is what counts. */
export const raiseCluster = async (place: Place, stage: Stage): Promise<Workspace> => {
  const { home, cloud, scenario } = place;
  stage.heading(
    `a cluster at ${clusterIn(scenario).version}, by ${scenario.stack} and the program in this repository`,
  );
  stage.say(cloud.standsIn);
  const { pulumi, env } = await ensurePulumi(options(stage));
  const cli = { pulumi, env: await environment(place, env, stage) };
  const program = scenario.ownProgram ?? place.program;
  const spec = { cli, program, scratch: home.dir, stack: DEMO_CLUSTER };
  const workspace = await ensureWorkspace(spec, {}, stage.signal);
  const edits = [{ path: "cluster.name", value: DEMO_CLUSTER }, ...scenario.rehearsal];
  edits.forEach(({ path, value }) => stage.say(`for this run, ${path}: ${JSON.stringify(value)}`));
  await writeStackText(workspace, asWritten(place, editText(scenario.stackText, edits)));
  mustWork(await runEngine(workspace, ["up"], stage), "making the cluster");
  return workspace;
};

const demoKubeconfig = (): string => {
  const kubeconfig = labKubeconfig(DEMO_CLUSTER);
  if (kubeconfig === undefined) throw new Error(`there is no lab ${DEMO_CLUSTER}`);
  return kubeconfig;
};

interface Shop {
  readonly title: string;
  readonly manifests: readonly Manifest[];
  /** What of the cluster itself its workloads need. */
  readonly prepare?: (kube: KubeClient) => Promise<void>;
}

const SHOPS: Readonly<Record<Workloads, Shop>> = {
  shop: {
    title: "a shop on it: budgets tight, loose and missing; state, a singleton, jobs",
    manifests: SHOP_MANIFESTS,
  },
  gpu: {
    title: "on it: a service that needs a GPU for each pod, behind a budget, and a device plugin's DaemonSet",
    manifests: GPU_MANIFESTS,
  },
  burst: {
    title: "on it: a service with pods on machines and on a virtual node, behind one budget",
    manifests: BURST_MANIFESTS,
    prepare: ensureVirtualNode,
  },
  corner: { title: "a corner shop on it: what fits on one node", manifests: CORNER_MANIFESTS },
};

export const fillCluster = async (workloads: Workloads, stage: Stage): Promise<void> => {
  const { title, manifests, prepare } = SHOPS[workloads];
  stage.heading(title);
  const kube = await openKube({ kubeconfig: demoKubeconfig() });
  try {
    await prepare?.(kube);
    let last = "";
    const progress = (line: string): void => {
      if (line !== last) stage.say(line);
      last = line;
    };
    stage.say(`${await openShop(kube, { signal: stage.signal, progress, manifests })} pods ready`);
  } finally {
    await kube.close();
  }
};

/** @param number of the act: each has a journal of its own. */
export const hireAuditor = async (home: DemoHome, number: number, stage: Stage): Promise<RunningAudit> => {
  stage.heading("an independent auditor begins to watch");
  const out = `${home.journal}-${number}.jsonl`;
  const audit = await startAudit({ kubeconfig: demoKubeconfig(), out, signal: stage.signal });
  stage.say(
    `process ${audit.pid}: its own watches, its own judgement, ten requests a second on fresh connections`,
  );
  return audit;
};
