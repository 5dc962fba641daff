import type { DrainAction } from "../../../../../core/drain/events";
import type { Change, PodFact, WorkloadFact } from "../../../../../core/drain/facts";
import type { LadderWord } from "../../../../../core/drain/ladder/ladderWord";
import { FIRST_TO_GO, DELETION_COST } from "../../../../../core/drain/ladder/names";
import type { LadderRules } from "../../../../../core/drain/ladder/rules";
import type { DrainOutcome } from "../../../../../core/drain/report";
import type { KubeCall } from "../../../../../kube";
import { type Ladder, startLadder } from "../../../../../operations/drain/ladder";
import { readPodFact } from "../../../../../operations/drain/facts";
import { budget, gone, node, set, START, talk, workload } from "../../../../support/drainSimulator/builders";
import {
  deployment,
  DEPLOYMENTS,
  HPAS,
  NODES,
  PODS,
  podAt,
  rawPod,
  type RawObject,
  serve,
  type Server,
  WEB,
} from "./server";

export interface Shop {
  readonly server: Server;
  readonly ladder: Ladder;
  readonly words: LadderWord[];
  readonly log: string[];
  /** Fewest pods seen, before a successor was made. */
  least: number;
  pods: RawObject[];
  /** Turns the controllers and tells the ladder, until this holds; fails after a few seconds. */
  readonly until: (holds: () => boolean) => Promise<void>;
  readonly replicas: () => unknown;
  mayAct: boolean;
  readonly evicted: string[];
  outcome: DrainOutcome | undefined;
}

export interface ShopWish {
  readonly rules: LadderRules;
  readonly blue: number;
  /** "none": it has no PDB. Default: one with an integer minAvailable of as many as there are. */
  readonly budget?: "none";
  /** The engine's wishes are carried out as well, and its time passes. Default: only the ladder acts. */
  readonly driven?: boolean;
  readonly deployment?: RawObject;
  /** Default true: what is on blue fits on green. */
  readonly roomProven?: boolean;
  /** More that the API server has, by collection. */
  readonly objects?: Readonly<Record<string, readonly RawObject[]>>;
  readonly interrupt?: (call: KubeCall) => Error | undefined;
}

const OWNER = { apiVersion: "apps/v1", kind: "ReplicaSet", name: "web", uid: "rs-web" };
const FIRST_OWNER = { apiVersion: "apps/v1", kind: "Deployment", name: "web", uid: "deploy-web" };

const factOf = (raw: RawObject): PodFact => ({
  ...readPodFact(raw),
  owner: OWNER,
  createdAt: START - 3_600_000,
});

const isMarked = ({ metadata }: RawObject): boolean => metadata.annotations?.[DELETION_COST] === FIRST_TO_GO;

/** One Deployment on blue with a PDB that lets none go, an API server, and the controllers that matter. */
export const openShop = (wish: ShopWish): Shop => {
  const raws = Array.from({ length: wish.blue }, (_, at) => rawPod(`web-${at}`));
  const objects = {
    ...{ [DEPLOYMENTS]: [wish.deployment ?? deployment(wish.blue)], [HPAS]: [], [PODS]: raws },
    [NODES]: [{ metadata: { name: "blue-0", uid: "blue-0" }, spec: {}, status: {} }],
    ...wish.objects,
  };
  let made = 0;
  const server = serve(objects, wish.interrupt);
  const fact = budget({
    ...{ allowed: 0, expected: wish.blue, healthy: wish.blue, needed: wish.blue },
    minAvailable: wish.blue,
  });
  const budgetOf = (pods: number): readonly Change[] =>
    wish.budget === "none"
      ? []
      : [
          set.budget({
            ...{ ...fact, expected: pods, healthy: pods, allowed: Math.max(0, pods - wish.blue) },
            resourceVersion: `${made}-${pods}`,
          }),
        ];
  const workloads = (desired: number): readonly WorkloadFact[] => [
    workload(desired, { uid: "deploy-web", kind: "Deployment" }),
    workload(desired, { owner: FIRST_OWNER }),
  ];
  const engine = talk(
    [
      ...[node("blue-0"), node("green-0", { labels: { pool: "green" }, cordoned: false, fenced: false })].map(
        set.node,
      ),
      ...(wish.budget === "none" ? [] : [set.budget(fact)]),
      ...workloads(wish.blue).map(set.workload),
      ...raws.map(raw => set.pod(factOf(raw))),
    ],
    { ladder: wish.rules },
  );
  const replicas = (): unknown => server.get(WEB)?.spec?.["replicas"];
  const present = (): RawObject[] => shop.pods.flatMap(pod => server.get(podAt(pod.metadata.name)) ?? []);
  const obey = (actions: readonly DrainAction[]): void => {
    if (wish.driven !== true) return;
    for (const action of actions) {
      if (action.kind === "finish") shop.outcome = action.outcome;
      if (action.kind !== "evict") continue;
      shop.evicted.push(action.name);
      void server.kube.request({ method: "DELETE", path: podAt(action.name) });
      const { uid } = action;
      obey(engine.send(now => ({ kind: "answered", now, uid, answer: { kind: "accepted" } })));
    }
  };
  const control = (): void => {
    const before = shop.pods;
    shop.pods = present();
    shop.least = Math.min(shop.least, shop.pods.length);
    const wanted = Number(replicas());
    while (shop.pods.length < wanted) {
      const pod = rawPod(`new-${(made += 1)}`, { node: "green-0" });
      server.put(podAt(pod.metadata.name), pod);
      shop.pods.push(pod);
    }
    if (shop.pods.length > wanted)
      shop.pods = [...shop.pods].sort((a, b) => Number(isMarked(a)) - Number(isMarked(b))).slice(0, wanted);
    const names = new Set(shop.pods.map(({ metadata }) => metadata.name));
    const changes = [
      ...workloads(wanted).map(set.workload),
      ...budgetOf(shop.pods.length),
      ...before.filter(({ metadata }) => !names.has(metadata.name)).map(raw => gone(factOf(raw))),
      ...shop.pods.map(raw => set.pod(factOf(raw))),
    ];
    obey(engine.see(...changes));
    if (wish.driven === true) obey(engine.after(0.3));
    const web = server.get(WEB);
    const status = { ...deployment(wanted).status };
    if (web !== undefined && JSON.stringify(web.status) !== JSON.stringify(status))
      server.put(WEB, { ...web, status });
  };
  const words: LadderWord[] = [];
  const log: string[] = [];
  const ladder = startLadder(
    {
      kube: server.kube,
      now: () => START,
      log: line => log.push(line),
      mayAct: () => shop.mayAct,
      onWord: word => {
        words.push(word);
        obey(engine.send(now => ({ kind: "ladder", now, word })));
      },
    },
    { run: "run-1", roomProven: wish.roomProven ?? true },
  );
  const until = async (holds: () => boolean): Promise<void> => {
    for (let turn = 0; turn < 100; turn++) {
      control();
      if (holds()) return;
      ladder.tell(engine.state());
      await new Promise(resolve => setTimeout(resolve, 40));
    }
    throw new Error(`not in time: ${log.join("; ")}`);
  };
  const shop: Shop = {
    server,
    ladder,
    words,
    log,
    until,
    replicas,
    least: Infinity,
    pods: raws,
    mayAct: true,
    evicted: [],
    outcome: undefined,
  };
  return shop;
};
