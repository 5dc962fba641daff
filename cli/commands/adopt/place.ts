import { type ClusterSpec, type ConnectionRecipe, type SshRecipe } from "../../../core/config";
import { isAdoptable } from "../../../core/config/cluster";
import { present } from "../../../core/config/existing";
import { asRaw, type Raw } from "../../../core/config/raw";
import { type Problem, ProblemError } from "../../../core/problem";

export interface PlaceFlags {
  readonly cloud?: string;
  readonly cluster?: string;
  readonly region?: string;
  readonly project?: string;
  readonly account?: string;
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly knownHosts?: string;
  readonly sshUser?: string;
}

/** Flag → where `cluster` says the same. */
const KEYS = {
  cloud: ["cloud"],
  cluster: ["name"],
  region: ["region"],
  project: ["project"],
  account: ["account"],
  kubeconfig: ["kubeconfig"],
  context: ["context"],
  knownHosts: ["kubeadm", "ssh", "knownHosts"],
  sshUser: ["kubeadm", "ssh", "user"],
} as const satisfies Record<keyof PlaceFlags, readonly string[]>;

type Flag = keyof typeof KEYS;

const FLAGS = Object.keys(KEYS) as readonly Flag[];

/** Without which a cloud knows no cluster; AKS itself says in which region one is. */
const NEEDED: Readonly<Record<string, readonly Flag[]>> = {
  gke: ["cluster", "region", "project"],
  aks: ["cluster", "project", "account"],
  kubeadm: ["cluster", "kubeconfig", "knownHosts"],
};

const needed = (cloud = ""): readonly Flag[] => NEEDED[cloud] ?? ["cluster", "region"];

const textOf = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);

const at = (block: Raw, path: readonly string[]): string | undefined =>
  textOf(path.reduce<unknown>((inner, key) => asRaw(inner)[key], block));

const typed = (flag: Flag): string => `--${flag.replaceAll(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)}`;

const contradiction = (flag: Flag, found: string, written: string): Problem => ({
  code: "Adopt.OtherPlace",
  path: `cluster.${KEYS[flag].join(".")}`,
  message: `${typed(flag)} is "${found}" and the file says "${written}"`,
  fix: "leave the flag out, or correct the file",
});

const missing = (flag: Flag): Problem => ({
  code: "Adopt.PlaceMissing",
  path: typed(flag),
  message: `neither the flag nor the file says which ${typed(flag).slice(2)} is meant`,
  fix: `add ${typed(flag)}`,
});

const notBuilt = (cloud: string): Problem => ({
  code: "Adopt.NotYet",
  path: "--cloud",
  message: `found "${cloud}"; clusters and pools are taken over on eks, gke, aks and kubeadm`,
  fix: "name one of these",
});

interface Said {
  readonly values: Readonly<Partial<Record<Flag, string | undefined>>>;
  readonly problems: readonly Problem[];
}

/** Flag or file, whichever says it. */
const readSaid = (block: Raw, flags: PlaceFlags): Said => {
  const said = FLAGS.map(flag => {
    const [found, written] = [flags[flag], at(block, KEYS[flag])];
    const clash = found !== undefined && written !== undefined && found !== written;
    return { flag, value: found ?? written, problems: clash ? [contradiction(flag, found, written)] : [] };
  });
  return {
    values: Object.fromEntries(said.map(({ flag, value }) => [flag, value])),
    problems: said.flatMap(one => one.problems),
  };
};

const check = ({ values, problems }: Said): readonly Problem[] => {
  const { cloud } = values;
  return [
    ...problems,
    ...(["cloud", ...needed(cloud)] as const).filter(flag => values[flag] === undefined).map(missing),
    ...(cloud === undefined || isAdoptable(cloud) ? [] : [notBuilt(cloud)]),
  ];
};

/** Where the cluster is: what the file says, and flags for what it does not say yet. */
export const placeOf = (raw: unknown, flags: PlaceFlags): ConnectionRecipe => {
  const said = readSaid(asRaw(raw), flags);
  const problems = check(said);
  if (problems.length > 0) throw new ProblemError("which cluster?", problems);
  const { cloud, cluster: name = "", region, project, account, kubeconfig, context } = said.values;
  return {
    cloud: cloud as ClusterSpec["cloud"],
    name,
    ...present("region", region),
    ...present("project", project),
    ...present("account", account),
    ...present("kubeconfig", kubeconfig),
    ...present("context", context),
    ...(cloud === "kubeadm" ? { ssh: sshOf(said) } : {}),
  };
};

/** Which machines are the control plane's the cluster itself tells. */
const sshOf = ({ values: { sshUser = "root", knownHosts = "" } }: Said): SshRecipe => ({
  user: sshUser,
  knownHosts,
  controlPlanes: {},
});
