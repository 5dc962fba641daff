import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { exactVersion, runnableMinors } from "../../../../controlplane";
import { type Ended, notCovered, ProgramFailed, refuseBy, succeed } from "../rules";
import { KEYRING } from "../sandbox";
import type { PackageName, Place } from "../state";

const SOURCE = /^deb \[signed-by=[^\]]+\] https:\/\/pkgs\.k8s\.io\/core:\/stable:\/v(\d+\.\d+)\/deb\/ \/$/;
const NAMES: readonly string[] = ["kubeadm", "kubelet", "kubectl"];
const FAILED = 100;

const readSources = (file: string): readonly string[] => {
  const text = readFileSync(file, "utf8");
  return text
    .split("\n")
    .filter(line => line !== "")
    .map(line => SOURCE.exec(line)?.[1] ?? notCovered(`apt's source "${line}"`));
};

const update = ({ machine, root, world }: Place): Ended => {
  const minors = readSources(join(root, "etc/apt/sources.list.d/kubernetes.list"));
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

/** The files that apt is told to use in the place of its own, by option. */
const optionsOf = (args: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(
    args.filter(one => one !== "-o").map(one => [one.split("=")[0] ?? "", one.split("=").slice(1).join("=")]),
  );

const SOURCES = "Dir::Etc::sourcelist";
const LISTS = "Dir::State::lists";
const SIGNED = /signed-by=([^\]]+)\]/;
const REACHED = "stand-in.minors";

/** apt-get update itself ends well where a repository did not answer or is not trusted: it says so and takes nothing. */
const updateApart = ({ machine, world }: Place, args: readonly string[]): Ended => {
  const options = optionsOf(args);
  const { [SOURCES]: file = "", [LISTS]: lists = "" } = options;
  const keyring = SIGNED.exec(readFileSync(file, "utf8"))?.[1] ?? "";
  if (!isKeyring(keyring))
    return succeed("W: GPG error: the public key is not available: NO_PUBKEY [stand-in: signedRepository]\n");
  try {
    world.failures.check("apt-get update", machine.name);
  } catch (error) {
    return succeed(`W: Failed to fetch: ${(error as Error).message}\n`);
  }
  const minors = readSources(file).filter(minor => runnableMinors().includes(minor));
  writeFileSync(join(lists, REACHED), minors.join("\n"));
  return succeed("Reading package lists...\n");
};

const isKeyring = (file: string): boolean => existsSync(file) && readFileSync(file, "utf8") === KEYRING;

/** It knows what the update into the same lists took. */
export const aptCache = (_place: Place, args: readonly string[]): Ended => {
  const at = args.indexOf("madison");
  if (at < 0) return notCovered(`apt-cache ${args.join(" ")}`);
  const reached = join(optionsOf(args.slice(0, at))[LISTS] ?? "", REACHED);
  const minors = existsSync(reached) ? readFileSync(reached, "utf8").split("\n").filter(Boolean) : [];
  const lines = args
    .slice(at + 1)
    .flatMap(name =>
      offered(minors).map(version => `${name} | ${version} | https://pkgs.k8s.io/core:/stable:  Packages\n`),
    );
  return succeed(lines.join(""));
};

export const aptGet = (place: Place, args: readonly string[]): Ended => {
  const [verb, yes, ...wanted] = args;
  if (verb === "update" && args.length === 1) return update(place);
  if (verb === "-q" && args.at(-1) === "update") return updateApart(place, args.slice(1, -1));
  if (verb === "install" && yes === "-y") return install(place, wanted);
  return notCovered(`apt-get ${args.join(" ")}`);
};

/** Ends with 1 where a package is not installed (man 1 dpkg-query, "EXIT STATUS"), and tells of the others. */
export const dpkgQuery = ({ machine }: Place, args: readonly string[]): Ended => {
  const [verb, option = "", ...asked] = args;
  if (verb !== "-W" || !option.startsWith("-f=")) return notCovered(`dpkg-query ${args.join(" ")}`);
  const form = option.slice("-f=".length);
  const names = asked as PackageName[];
  const there = names.filter(name => machine.packages[name] !== undefined);
  const missing = names.filter(name => !there.includes(name));
  const describe = (name: PackageName): string =>
    form
      .replace("${Package}", name)
      .replace("${Version}", machine.packages[name] ?? "")
      .replace("${db:Status-Want}", machine.held.includes(name) ? "hold" : "install")
      .replaceAll("\\n", "\n");
  return {
    code: missing.length === 0 ? 0 : 1,
    stdout: there.map(describe).join(""),
    stderr: missing.map(name => `dpkg-query: no packages found matching ${name}\n`).join(""),
  };
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
