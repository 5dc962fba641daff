import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Bench } from "../../row";
import { changeoverOn } from "../contenders";
import { openLedger, type Sighting } from "../ledger";
import { keepingLines } from "../logs";
import { type Running, startPrograms } from "../programs";
import { type Result, resultOf } from "../result";
import { untilOver } from "../run";
import type { Scenario } from "../scenario";
import { subjectsOf } from "../watchPods";
import { openCluster } from "./cluster";
import { serve } from "./serve";
import { openStore } from "./store";

const TELL_EVERY_MS = 20_000;

const kubeconfigFor = (server: string): string =>
  JSON.stringify({
    "current-context": "stand-in",
    contexts: [{ name: "stand-in", context: { cluster: "stand-in", user: "nobody" } }],
    clusters: [{ name: "stand-in", cluster: { server } }],
    users: [{ name: "nobody", user: { token: "none" } }],
  });

/** All pods of the scenario on blue, served; nothing moves before somebody drains. */
const openStage = async (scenario: Scenario) => {
  const store = openStore();
  const pods: Sighting[] = [];
  let hooks = { seen: (pod: Sighting): void => void pods.push(pod), gone: (_uid: string): void => undefined };
  const cluster = openCluster(store, scenario, {
    seen: pod => hooks.seen(pod),
    gone: uid => hooks.gone(uid),
  });
  const subjects = subjectsOf(scenario);
  const blue = new Set(cluster.blue);
  const { url, close } = await serve({ store, evict: cluster.evict });
  const count = (at: number) => {
    const ledger = openLedger({ at, subjects, blue, pods });
    hooks = {
      seen: pod => ledger.see(performance.now(), pod),
      gone: uid => ledger.gone(performance.now(), uid),
    };
    return ledger;
  };
  return {
    ...{ url, count, blue: cluster.blue },
    close: () => {
      cluster.close();
      close();
    },
  };
};

type Stage = Awaited<ReturnType<typeof openStage>>;

interface Limits {
  readonly limitSeconds: number;
  /** A folder for what it said. */
  readonly logs: string | undefined;
}

interface Course extends Limits {
  readonly scenario: Scenario;
  readonly stage: Stage;
}

const follow = async (bench: Bench, running: Running, course: Course): Promise<Result> => {
  const { stage, limitSeconds, logs, scenario } = course;
  const ledger = stage.count(running.startedAt);
  const deadline = running.startedAt + limitSeconds * 1_000;
  const tell = (): void => {
    const { moved, left } = ledger.read(performance.now());
    bench.say(`    ${moved} pods sent away, ${left} left`);
  };
  const telling = setInterval(tell, TELL_EVERY_MS);
  const play = async (): Promise<Result> => {
    await untilOver(bench, ledger, deadline);
    const tally = ledger.read(performance.now());
    running.stop();
    const end = await running.done;
    return resultOf({ limitSeconds, startedAt: running.startedAt, tally, end: { ...end, asked: true } });
  };
  const wish = { logs, scenario: scenario.name, contender: "changeover" };
  try {
    return await keepingLines(wish, () => [running], play);
  } finally {
    clearInterval(telling);
    running.kill();
  }
};

/** What our own process needs for a cluster that is too large for this machine: everything but it is a stand-in. */
export const runOnStandIn = async (bench: Bench, scenario: Scenario, limits: Limits): Promise<Result> => {
  const stage = await openStage(scenario);
  const kubeconfig = join(bench.scratch, "stand-in.kubeconfig");
  writeFileSync(kubeconfig, kubeconfigFor(stage.url));
  const steps = [[changeoverOn({ kubeconfig, nodes: stage.blue })]];
  try {
    const running = await startPrograms(steps, { cwd: bench.scratch, env: process.env });
    return await follow(bench, running, { ...limits, scenario, stage });
  } finally {
    stage.close();
  }
};
