import { readFileSync } from "node:fs";
import { join } from "node:path";
import { exactVersion, runnableMinors } from "../../../../controlplane";
import { type Ended, notCovered, ProgramFailed, refuseBy, succeed } from "../rules";
import type { PackageName, Place } from "../state";

const SOURCE = /^deb \[signed-by=[^\]]+\] https:\/\/pkgs\.k8s\.io\/core:\/stable:\/v(\d+\.\d+)\/deb\/ \/$/;
const NAMES: readonly string[] = ["kubeadm", "kubelet", "kubectl"];
const FAILED = 100;

const readSources = (root: string): readonly string[] => {
  const text = readFileSync(join(root, "etc/apt/sources.list.d/kubernetes.list"), "utf8");
  return text
    .split("\n")
    .filter(line => line !== "")
    .map(line => SOURCE.exec(line)?.[1] ?? notCovered(`apt's source "${line}"`));
};

const update = ({ machine, root, world }: Place): Ended => {
  const minors = readSources(root);
  for (const minor of minors)
    if (!runnableMinors().includes(minor)) notCovered(`packages of Kubernetes ${minor}`);
  machine.minors = minors;
  world.save();
  return succeed("Reading package lists...\n");
};

/** The one build of a minor that the stand-in's repositories hold. */
const offered = (minors: readonly string[]): readonly string[] =>
  minors.map(minor => `${exactVersion(minor)}-1.1`);

const compare = (a: string, b: string): number => a.localeCompare(b, "en", { numeric: true });

const checkPackage = ({ machine }: Place, name: PackageName, version: string): void => {
  if (!offered(machine.minors).includes(version))
    refuseBy("repositoryOfMinor", FAILED, `E: Version '${version}' for '${name}' was not found`);
  const before = machine.packages[name];
  if (before === undefined || before === version) return;
  if (machine.held.includes(name))
    refuseBy(
      "held",
      FAILED,
      "E: Held packages were changed and -y was used without --allow-change-held-packages.",
    );
  if (compare(version, before) < 0)
    refuseBy(
      "noDowngrade",
      FAILED,
      "E: Packages were downgraded and -y was used without --allow-downgrades.",
    );
};

const install = (place: Place, wanted: readonly string[]): Ended => {
  const pairs = wanted.map(text => text.split("=") as [PackageName, string | undefined]);
  for (const [name, version] of pairs) {
    if (!NAMES.includes(name) || version === undefined) notCovered(`apt-get install -y ${name}`);
    else checkPackage(place, name, version);
  }
  for (const [name, version] of pairs) place.machine.packages[name] = version ?? "";
  place.world.save();
  return succeed(`[stand-in] set up ${wanted.join(" ")}\n`);
};

export const aptGet = (place: Place, args: readonly string[]): Ended => {
  const [verb, yes, ...wanted] = args;
  if (verb === "update" && args.length === 1) return update(place);
  if (verb === "install" && yes === "-y") return install(place, wanted);
  return notCovered(`apt-get ${args.join(" ")}`);
};

const QUERY = /^-W -f=\$\{Package\} \$\{Version\}\\n (\w+)$/;

/** Ends with 1 where the package is not installed (man 1 dpkg-query, "EXIT STATUS"). */
export const dpkgQuery = ({ machine }: Place, args: readonly string[]): Ended => {
  const name = QUERY.exec(args.join(" "))?.[1] ?? notCovered(`dpkg-query ${args.join(" ")}`);
  const version = machine.packages[name as PackageName];
  if (version === undefined) throw new ProgramFailed(1, `dpkg-query: no packages found matching ${name}`);
  return succeed(`${name} ${version}\n`);
};

export const aptMark = (place: Place, [verb, ...names]: readonly string[]): Ended => {
  const { machine, world } = place;
  if (machine.minors.length === 0 && names.some(name => machine.packages[name as PackageName] === undefined))
    throw new ProgramFailed(FAILED, `E: Unable to locate package ${names.join(" ")}`);
  const others = machine.held.filter(name => !names.includes(name));
  if (verb === "hold") machine.held = [...others, ...names];
  else if (verb === "unhold") machine.held = others;
  else notCovered(`apt-mark ${String(verb)}`);
  world.save();
  return succeed(
    names.map(name => `${name} ${verb === "hold" ? "set on hold" : "was not on hold"}.\n`).join(""),
  );
};
