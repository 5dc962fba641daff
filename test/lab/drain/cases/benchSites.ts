import { type KubeClient, openKube } from "../../../../kube";
import { CONTROLLER_MANAGER } from "../../../../controlplane/plane/roles";
import { ensureLab } from "../../../../lab";
import { pidOf } from "../../../support/labProcess";
import { NEW, OLD, useTemporaryLabs } from "../../../support/temporaryLabs";

/** A lab of one minor, for all cases of a file. */
export interface Site {
  readonly version: string;
  readonly lab: string;
  readonly kubeconfig: string;
  readonly kube: KubeClient;
}

/** The minors on which every case is shown. */
const VERSIONS = [OLD, NEW] as const;

type Body = (site: Site) => Promise<void>;

export interface Bench {
  /** One test a minor, at the same time as others: the case keeps to an arena of its own. */
  readonly both: (title: string, body: Body) => void;
  /** One test a minor, while no other case runs: for what disturbs the whole cluster. */
  readonly alone: (title: string, body: Body) => void;
}

const openSite = async (lab: string, version: string): Promise<Site> => {
  const { kubeconfig = "" } = await ensureLab({ name: lab, version, apiserverCount: 1 });
  return { version, lab, kubeconfig, kube: await openKube({ kubeconfig }) };
};

/** One lab of each minor for this test file. */
export const useSites = (file: string): Bench => {
  useTemporaryLabs();
  const sites = new Map<string, Site>();
  beforeAll(async () => {
    const open = async (version: string): Promise<unknown> =>
      sites.set(version, await openSite(`${file}-${version.replaceAll(".", "-")}`, version));
    await Promise.all(VERSIONS.map(open));
  });
  afterAll(async () => {
    await Promise.all([...sites.values()].map(({ kube }) => kube.close()));
  });
  const on = (version: string, body: Body) => async (): Promise<void> => {
    const site = sites.get(version);
    if (site === undefined) throw new Error(`no lab of ${version}`);
    await body(site);
  };
  return {
    both: (title, body) =>
      VERSIONS.forEach(version => it.concurrent(`${title} (${version})`, on(version, body))),
    alone: (title, body) => VERSIONS.forEach(version => it(`${title} (${version})`, on(version, body))),
  };
};

let shared: Bench | undefined;

/** The same two labs for every file of cases that firstHalf.test.ts is made of. */
export const firstHalf = (): Bench => (shared ??= useSites("early"));

/** What several cases look at is done once a lab. */
export const once = <T>(make: (site: Site) => Promise<T>): ((site: Site) => Promise<T>) => {
  const made = new Map<Site, Promise<T>>();
  return site => {
    const known = made.get(site) ?? make(site);
    made.set(site, known);
    return known;
  };
};

/** Runs `work` while the controllers of the lab stand still: nothing is counted, replaced or collected meanwhile. */
export const withoutControllers = async <T>(site: Site, work: () => Promise<T>): Promise<T> => {
  const pid = pidOf(site.lab, CONTROLLER_MANAGER);
  process.kill(pid, "SIGSTOP");
  try {
    return await work();
  } finally {
    process.kill(pid, "SIGCONT");
  }
};
