/** Questions about what a program has installed. Answered from node_modules, as Node.js would look there. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, extname, join } from "node:path";
import type * as Messages from "@pulumi/pulumi/proto/language_pb.js";
import type * as Plugins from "@pulumi/pulumi/proto/plugin_pb.js";
import type * as Sdk from "./sdk.mjs";

const here = createRequire(import.meta.url);
const { messages, plugins, NO_INFO, sdkFolder } = here(`./sdk${extname(import.meta.filename)}`) as typeof Sdk;

interface ProviderNeed {
  readonly resource?: boolean;
  readonly name?: string;
  readonly version?: string;
  readonly server?: string;
}

interface Manifest {
  readonly name?: string;
  readonly version?: string;
  readonly dependencies?: Record<string, string>;
  readonly devDependencies?: Record<string, string>;
  readonly pulumi?: ProviderNeed;
}

const readManifest = (folder: string): Manifest => {
  try {
    return JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Manifest;
  } catch {
    return {};
  }
};

const packagesIn = (modules: string): string[] =>
  readdirSync(modules).flatMap(name => {
    const folder = join(modules, name);
    if (name.startsWith(".")) return [];
    return name.startsWith("@") ? readdirSync(folder).map(inner => join(folder, inner)) : [folder];
  });

/** The nearest node_modules and those above it. */
const installedFor = (directory: string): string[] => {
  const own = join(directory, "node_modules");
  const nearest = existsSync(own) ? packagesIn(own) : [];
  const parent = dirname(directory);
  return parent === directory ? nearest : [...nearest, ...installedFor(parent)];
};

const withV = (version: string): string => (version.startsWith("v") ? version : `v${version}`);

const providerOf = ({ name = "", version = "", pulumi = {} }: Manifest): Plugins.PackageDependency =>
  new plugins.PackageDependency()
    .setKind("resource")
    .setName(pulumi.name ?? name.replace(/^@pulumi\//, "").replace(/^@/, ""))
    .setVersion(withV(pulumi.version ?? version))
    .setServer(pulumi.server ?? "");

/** A package whose manifest says `pulumi.resource` needs the provider plugin of that name. */
export const requiredPackages = (
  request: Messages.GetRequiredPackagesRequest,
): Messages.GetRequiredPackagesResponse => {
  const manifests = installedFor((request.getInfo() ?? NO_INFO).getProgramDirectory()).map(readManifest);
  const needed = manifests.filter(manifest => manifest.pulumi?.resource === true).map(providerOf);
  return new messages.GetRequiredPackagesResponse().setPackagesList(needed);
};

export const programDependencies = (
  request: Messages.GetProgramDependenciesRequest,
): Messages.GetProgramDependenciesResponse => {
  const directory = (request.getInfo() ?? NO_INFO).getProgramDirectory();
  const { dependencies, devDependencies } = readManifest(directory);
  const direct = new Set(Object.keys({ ...dependencies, ...devDependencies }));
  const list = installedFor(directory)
    .map(readManifest)
    .filter(({ name = "" }) => request.getTransitivedependencies() || direct.has(name))
    .map(({ name = "", version = "" }) => new messages.DependencyInfo().setName(name).setVersion(version));
  return new messages.GetProgramDependenciesResponse().setDependenciesList(list);
};

/** The SDK's version: a host has none that an engine could compare. */
export const pluginInfo = (): Plugins.PluginInfo =>
  new plugins.PluginInfo().setVersion(readManifest(sdkFolder).version ?? "");

export const about = (): Messages.AboutResponse => {
  const answer = new messages.AboutResponse().setExecutable(process.execPath).setVersion(process.version);
  answer.getMetadataMap().set("languageHost", "changeover (used offline only)").set("packagemanager", "npm");
  return answer;
};
