import { Argument, Command, InvalidArgumentError, Option } from "commander";
import type { ConnectionRecipe } from "../../../core/config";
import { adoptedIn, type Adoption, type AdoptionWish, planAdoption } from "../../../core/config/adoption";
import type { ExistingAddOn, ExistingCluster } from "../../../core/config/existing";
import { ProblemError } from "../../../core/problem";
import { type KubeClient, openKube } from "../../../kube";
import { findForeign, findUnmarked, markPools, type Unmarked } from "../../../operations/adopt/markPools";
import type { CloudStock } from "../../../operations/ports";
import { liveOf, stockOf } from "../../clouds";
import { describeEdit } from "../../describeEdit";
import { untilInterrupted } from "../../interrupt";
import { openRawStackFile, type RawStackFile } from "../../stackFile";
import { type PlaceFlags, placeOf } from "./place";
import { prove } from "./prove";
import { type Addresses, addressesIn, readWish } from "./wish";

interface AdoptOptions extends PlaceFlags {
  readonly stack: string;
  readonly cwd: string;
  readonly write?: boolean;
  readonly addOns?: boolean;
  readonly address?: Addresses;
  readonly output: "text" | "json";
}

/** "w1=10.0.0.21", once for each machine. */
const readAddress = (word: string, before: Addresses = {}): Addresses => {
  const [node = "", address] = word.split("=");
  if (address === undefined) throw new InvalidArgumentError("Write NODE=ADDRESS.");
  return { ...before, [node]: address };
};

const absent = ({ cloud, name, region, project = "" }: ConnectionRecipe) => ({
  code: "Adopt.NoCluster" as const,
  path: "cluster.name",
  message: `there is no cluster "${name}" on ${cloud} in ${region ?? project}`,
  fix: "correct the flags or the credentials' account",
});

const noAddOns = ({ cloud }: ConnectionRecipe) => ({
  code: "Adopt.NoAddOns" as const,
  path: "--add-ons",
  message: `found on cloud "${cloud}"; only EKS has add-ons that a stack can hold`,
  fix: "leave the flag out",
});

const foreign = (names: readonly string[]) => ({
  code: "Adopt.ForeignNodes" as const,
  path: "nodes",
  message: `${names.length} nodes belong to no pool of the cloud's (${names.slice(0, 3).join(", ")}${names.length > 3 ? ", …" : ""}): self-managed ones, Karpenter's or virtual ones, which can't be taken over`,
  fix: "name the pools to take over; these nodes then stay as they are, and count only where versions are compared",
});

/** What is there, what config would say of it, and what is still to be labelled. */
interface Survey {
  readonly options: AdoptOptions;
  readonly kube: KubeClient;
  readonly stock: CloudStock;
  readonly place: ConnectionRecipe;
  readonly adoption: Adoption;
  readonly unmarked: readonly Unmarked[];
  readonly foreign: readonly string[];
}

const readAddOns = (
  { stock, place, kube }: Pick<Survey, "stock" | "place" | "kube">,
  signal: AbortSignal,
): Promise<readonly ExistingAddOn[]> => {
  if (stock.readAddOns === undefined) throw new ProblemError("not taken over", [noAddOns(place)]);
  return stock.readAddOns(place, kube, signal);
};

const survey = async (
  file: RawStackFile,
  { place, wish, ...wanted }: Pick<Survey, "place" | "kube" | "options"> & { wish: AdoptionWish },
  signal: AbortSignal,
): Promise<Survey> => {
  const { kube } = wanted;
  const stock = stockOf(place.cloud);
  const seen = await stock.readExisting(place, {
    names: [...new Set([...Object.keys(wish), ...adoptedIn(file.raw).values()])],
    addresses: { ...addressesIn(file.raw), ...wanted.options.address },
  });
  if (seen === "absent") throw new ProblemError("nothing to take over", [absent(place)]);
  const addOns =
    wanted.options.addOns === true ? await readAddOns({ stock, place, kube }, signal) : undefined;
  const existing = addOns === undefined ? seen : { ...seen, addOns };
  const others = await findForeign(
    kube,
    existing.pools.map(({ nodes }) => nodes),
    signal,
  );
  const adoption = judge(file, { existing, wish, others });
  const unmarked = await findUnmarked(kube, adoption.pools, signal);
  return { ...wanted, stock, place, adoption, unmarked, foreign: others };
};

interface Judged {
  readonly existing: ExistingCluster;
  readonly wish: AdoptionWish;
  readonly others: readonly string[];
}

/** Nodes of nobody's pool stand against taking over everything, not against taking over what was named. */
const judge = ({ raw }: RawStackFile, { existing, wish, others }: Judged): Adoption => {
  const planned = planAdoption(raw, existing, wish);
  const done = planned.ok && planned.value.edits.every(({ path }) => path[0] === "addOns");
  const stray = others.length > 0 && Object.keys(wish).length === 0 && !done ? [foreign(others)] : [];
  const problems = planned.ok ? stray : [...planned.problems, ...stray];
  if (!planned.ok || problems.length > 0) throw new ProblemError("not taken over", problems);
  return planned.value;
};

const progress = (line: string): void => void process.stderr.write(`${line}\n`);

const describeMarks = ({ pool, template, nodes }: Unmarked): string =>
  `${pool.existing.name}: ${[...(template ? ["the pool's own labels"] : []), `${nodes.length} nodes`].join(" and ")} get changeover.dev/pool=${pool.pool}, changeover.dev/generation=${pool.generation}`;

const WRITTEN = "written and labelled; the next `pulumi up` imports what is there and changes nothing of it";

const describeText = (
  { adoption, unmarked, foreign: others }: Survey,
  written: boolean,
): readonly string[] => [
  ...adoption.edits.map(describeEdit),
  ...unmarked.map(describeMarks),
  ...adoption.left.map(name => `${name} stays nobody's: it was not named`),
  ...adoption.leftAddOns.map(reason => `add-on ${reason}; it stays so`),
  ...(others.length === 0
    ? []
    : [`${others.length} nodes of no pool stay as they are: ${others.join(", ")}`]),
  written
    ? WRITTEN
    : `${adoption.edits.length > 0 ? "proven by a preview; " : ""}nothing was written: add --write`,
];

const report = (file: RawStackFile, seen: Survey): void => {
  const { adoption, unmarked, options } = seen;
  const nothing = adoption.edits.length === 0 && unmarked.length === 0;
  const written = options.write === true && !nothing;
  if (options.output === "json") {
    const marks = unmarked.map(({ pool, template, nodes }) => ({
      pool: pool.existing.name,
      template,
      nodes,
    }));
    const pools = adoption.pools.map(({ pool, generation, existing }) => ({
      pool,
      generation,
      name: existing.name,
    }));
    const facts = { file: file.path, written, edits: adoption.edits, marks, pools };
    const { addOns, leftAddOns, left } = adoption;
    console.log(JSON.stringify({ ...facts, left, addOns, leftAddOns, foreignNodes: seen.foreign }));
  } else if (nothing) console.log("nothing to do: config and labels say so already");
  else console.log(describeText(seen, written).join("\n"));
};

const carryOut = async (file: RawStackFile, seen: Survey, signal: AbortSignal): Promise<void> => {
  const { adoption, unmarked, place, kube, stock, options } = seen;
  if (adoption.edits.length > 0) await prove(file, seen, signal);
  if (options.write !== true) return;
  if (adoption.edits.length > 0) file.apply(adoption.edits);
  await markPools({ kube, stock, log: progress }, { connection: place, unmarked }, signal);
};

const adopt = (words: readonly string[], options: AdoptOptions): Promise<void> =>
  untilInterrupted(async signal => {
    const file = openRawStackFile(options.cwd, options.stack, true);
    const place = placeOf(file.raw["cluster"], options);
    const access = await liveOf(place.cloud).access(place);
    if (access === "absent") throw new ProblemError("nothing to take over", [absent(place)]);
    const kube = await openKube(access);
    try {
      const seen = await survey(file, { place, kube, options, wish: readWish(words) }, signal);
      await carryOut(file, seen, signal);
      report(file, seen);
    } finally {
      await kube.close();
    }
  });

const NOTES = `
Reads the cluster and its pools at the cloud, writes them into the stack's config, and proves by a real
\`pulumi preview\` that nothing is made, changed, replaced or deleted. With --write it then labels the
pools and their nodes (changeover.dev/pool and changeover.dev/generation): no node is restarted.
Run again it goes on where it stopped; when all is done it says so. docs/adopt.md has the rest.

Examples:
  changeover adopt --stack prod --cloud eks --cluster eu-prod --region eu-west-1
  changeover adopt workers=legacy-ng --stack prod --write
  changeover adopt --stack prod --add-ons --write
  changeover adopt workers=w1,w2 --stack prod --cloud kubeadm --cluster prod --kubeconfig admin.conf --known-hosts hosts`;

/** `changeover adopt`: an existing cluster and its pools become the first generation, as they are. */
export const adoptCommand = (): Command =>
  new Command("adopt")
    .description("take over an existing cluster and its pools: no replacement, their names stay")
    .addArgument(
      new Argument(
        "[pools...]",
        "pools at the cloud, as NAME or POOL=NAME; on kubeadm POOL=NODE,NODE; default: all of them",
      ),
    )
    .requiredOption("-s, --stack <name>", "the stack whose Pulumi.<name>.yaml is written")
    .option("--cwd <folder>", "folder of the Pulumi program", ".")
    .option("--cloud <cloud>", "eks, gke, aks or kubeadm; default: what the file says")
    .option("--cluster <name>", "name of the cluster at the cloud; default: what the file says")
    .option("--region <region>", "region of the cluster (eks, gke); default: what the file says")
    .option("--project <project>", "project (gke) or resource group (aks); default: what the file says")
    .option("--account <account>", "account (eks) or subscription (aks); default: what the file says")
    .option("--add-ons", "take over EKS's add-ons, too: those that no other tool is marked to keep")
    .option("--kubeconfig <file>", "kubeconfig (kubeadm); default: what the file says")
    .option("--context <name>", "context in it (kubeadm); default: what the file says, or its current one")
    .option("--known-hosts <file>", "host keys of the machines (kubeadm); default: what the file says")
    .option("--ssh-user <name>", "who logs in (kubeadm); default: what the file says, or root")
    .option(
      "--address <node=address>",
      "where a machine answers ssh (kubeadm), once for each; default: what the file says, or its node's InternalIP",
      readAddress,
    )
    .option("--write", "write the config and label; without it: show and prove only")
    .addOption(new Option("--output <form>", "how to print it").choices(["text", "json"]).default("text"))
    .addHelpText("after", NOTES)
    .action(adopt);
