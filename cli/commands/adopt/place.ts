import { type ClusterSpec, type ConnectionRecipe } from "../../../core/config";
import { isAdoptable } from "../../../core/config/cluster";
import { present } from "../../../core/config/existing";
import { type Problem, ProblemError } from "../../../core/problem";

export interface PlaceFlags {
  readonly cloud?: string;
  readonly cluster?: string;
  readonly region?: string;
  readonly project?: string;
  readonly account?: string;
}

type Raw = Readonly<Record<string, unknown>>;

/** Flag → key of `cluster` that says the same. */
const KEYS = {
  cloud: "cloud",
  cluster: "name",
  region: "region",
  project: "project",
  account: "account",
} as const;

/** Without which a cloud knows no cluster; AKS itself says in which region one is. */
const NEEDED: Readonly<Record<string, readonly (keyof typeof KEYS)[]>> = {
  gke: ["cluster", "region", "project"],
  aks: ["cluster", "project", "account"],
};

const needed = (cloud = ""): readonly (keyof typeof KEYS)[] => NEEDED[cloud] ?? ["cluster", "region"];

const textOf = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);

const contradiction = (flag: string, found: string, written: string): Problem => ({
  code: "Adopt.OtherPlace",
  path: `cluster.${KEYS[flag as keyof typeof KEYS]}`,
  message: `--${flag} is "${found}" and the file says "${written}"`,
  fix: "leave the flag out, or correct the file",
});

const missing = (flag: string): Problem => ({
  code: "Adopt.PlaceMissing",
  path: `--${flag}`,
  message: `neither the flag nor the file says which ${flag} is meant`,
  fix: `add --${flag}`,
});

const notBuilt = (cloud: string): Problem => ({
  code: "Adopt.NotYet",
  path: "--cloud",
  message: `found "${cloud}"; clusters and pools are taken over on eks, gke and aks`,
  fix: "name one of these; elsewhere describe the cluster in config by hand",
});

interface Said {
  readonly values: Readonly<Record<string, string | undefined>>;
  readonly problems: readonly Problem[];
}

/** Flag or file, whichever says it. */
const readSaid = (block: Raw, flags: PlaceFlags): Said => {
  const said = Object.entries(KEYS).map(([flag, key]) => {
    const [found, written] = [flags[flag as keyof typeof KEYS], textOf(block[key])];
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
    ...["cloud", ...needed(cloud)].filter(flag => values[flag] === undefined).map(missing),
    ...(cloud === undefined || isAdoptable(cloud) ? [] : [notBuilt(cloud)]),
  ];
};

/** Where the cluster is: what the file says, and flags for what it does not say yet. */
export const placeOf = (raw: unknown, flags: PlaceFlags): ConnectionRecipe => {
  const block = typeof raw === "object" && raw !== null ? (raw as Raw) : {};
  const said = readSaid(block, flags);
  const problems = check(said);
  if (problems.length > 0) throw new ProblemError("which cluster?", problems);
  const { cloud, cluster: name = "", region, project, account } = said.values;
  return {
    cloud: cloud as ClusterSpec["cloud"],
    name,
    ...present("region", region),
    ...present("project", project),
    ...present("account", account),
  };
};
