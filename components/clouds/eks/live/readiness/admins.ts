import type { Cluster } from "@aws-sdk/client-eks";
import type { Problem } from "../../../../../core/problem";
import { type Findings, NOTHING } from "../../../shared/live/sideBySide";
import { administers, type Entry, readEntries } from "../entries";
import { readCaller, readPrincipal } from "./caller";
import { blocked } from "./findings";
import type { Question } from "./question";

const ENTRIES_URL = "https://docs.aws.amazon.com/eks/latest/userguide/access-entries.html";
const CREATE_URL = "https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateAccessEntry.html";

/** Whether the access entries that config asks for can be made, and whether somebody is left who gets in. */
export const checkAdmins = async (question: Question): Promise<Findings> => {
  const wanted = question.wanted.cluster.eks?.admins ?? [];
  const cluster = await question.cluster();
  if (cluster !== undefined && !isConfigMapOnly(cluster))
    return judgeEntries(await readAccess(question, cluster, wanted));
  if (wanted.length === 0) return NOTHING;
  return cluster === undefined ? checkMaker(question, wanted) : blocked(configMapOnly(cluster));
};

/** Who calls, and who else is left, is asked only where an entry of ours goes. */
const readAccess = async (
  question: Question,
  { name = "" }: Cluster,
  wanted: readonly string[],
): Promise<Access> => {
  const place = { ...question, cluster: name };
  const entries = await readEntries(place);
  const going = entries.filter(({ ours, principal }) => ours && !wanted.includes(principal));
  if (going.length === 0) return { wanted, entries, caller: undefined, othersStay: true };
  const others = wanted.length === 0 ? entries.filter(({ ours }) => !ours) : [];
  const stay = await Promise.all(others.map(({ principal }) => administers(place, principal)));
  const caller = await readPrincipal(question, await readCaller(question));
  return { wanted, entries, caller, othersStay: stay.includes(true) };
};

export interface Access {
  readonly wanted: readonly string[];
  readonly entries: readonly Entry[];
  /** Who runs this, where an entry of ours goes; absent = no role or user. */
  readonly caller: string | undefined;
  /** Whether one that is not ours administers the cluster. Looked at only where config names nobody. */
  readonly othersStay: boolean;
}

export const judgeEntries = ({ wanted, entries, caller, othersStay }: Access): Findings => {
  const going = entries.filter(({ ours, principal }) => ours && !wanted.includes(principal));
  const elsewhere = entries.filter(({ ours, principal }) => !ours && wanted.includes(principal));
  return blocked(
    ...elsewhere.map(({ principal }) => hasEntry(principal, wanted)),
    ...going.filter(({ principal }) => principal === caller).map(({ principal }) => removesItself(principal)),
    ...(going.length > 0 && wanted.length === 0 && !othersStay ? [lastOne(going)] : []),
  );
};

/** A cluster is made by whoever runs this, and EKS gives that one an entry in the same call. */
const checkMaker = async (question: Question, wanted: readonly string[]): Promise<Findings> => {
  const maker = await readPrincipal(question, await readCaller(question));
  return maker !== undefined && wanted.includes(maker) ? blocked(isMaker(maker, wanted)) : NOTHING;
};

export const isConfigMapOnly = ({ accessConfig }: Cluster): boolean =>
  accessConfig?.authenticationMode === "CONFIG_MAP";

const pathOf = (principal: string, wanted: readonly string[]): string =>
  `cluster.eks.admins.${wanted.indexOf(principal)}`;

const isMaker = (principal: string, wanted: readonly string[]): Problem => ({
  code: "Eks.AdminMakesCluster",
  path: pathOf(principal, wanted),
  message: `found "${principal}", who makes the cluster in this run; EKS gives the maker an access entry by itself and refuses a second one`,
  fix: "leave it out: it administers the cluster without",
  source: CREATE_URL,
});

const hasEntry = (principal: string, wanted: readonly string[]): Problem => ({
  code: "Eks.AdminHasEntry",
  path: pathOf(principal, wanted),
  message: `found "${principal}", who has an access entry that this stack did not make (the cluster's maker has one from EKS); EKS refuses a second one`,
  fix: "leave it out of cluster.eks.admins; or, where this stack shall hold it and it is not who runs this, end the other with `aws eks delete-access-entry` first",
  source: CREATE_URL,
});

const removesItself = (principal: string): Problem => ({
  code: "Eks.AdminRemovesItself",
  path: "cluster.eks.admins",
  message: `"${principal}" runs this by an access entry that would go: its next preview would not get in`,
  fix: "leave it in the list, or let another administrator run the `up` that takes it out",
  source: ENTRIES_URL,
});

const lastOne = (going: readonly Entry[]): Problem => ({
  code: "Eks.LastAdmin",
  path: "cluster.eks.admins",
  message: `without ${going.map(({ principal }) => principal).join(", ")} no access entry is left with EKS's policy for administrators`,
  fix: "keep one in the list; another one may take its place in the same run",
  source: ENTRIES_URL,
});

const configMapOnly = ({ name = "" }: Cluster): Problem => ({
  code: "Eks.NoAccessEntries",
  path: "cluster.eks.admins",
  message: `cluster "${name}" takes administrators from the ConfigMap aws-auth alone (CONFIG_MAP); access entries need the mode API_AND_CONFIG_MAP or API`,
  fix: `run \`aws eks update-cluster-config --name ${name} --access-config authenticationMode=API_AND_CONFIG_MAP\`, which can't be taken back and keeps aws-auth; or remove cluster.eks.admins`,
  source: "https://docs.aws.amazon.com/eks/latest/userguide/setting-up-access-entries.html",
});
