import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A cluster's API, and the program that gives a fresh credential for it whenever one is needed. */
export interface ExecAccess {
  readonly name: string;
  readonly server: string;
  /** Base64 of the PEM of who signs for the server. */
  readonly authority: string;
  readonly program: { readonly command: string; readonly args: readonly string[] };
}

/** JSON is YAML. No token inside: whoever opens it runs the program. */
const describe = ({ name, server, authority, program }: ExecAccess): string => {
  const exec = {
    apiVersion: "client.authentication.k8s.io/v1",
    command: program.command,
    args: program.args,
    env: null,
    interactiveMode: "Never",
    provideClusterInfo: false,
  };
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name, cluster: { server, "certificate-authority-data": authority } }],
    users: [{ name, user: { exec } }],
    contexts: [{ name, context: { cluster: name, user: name } }],
    "current-context": name,
  });
};

let folder: string | undefined;

/** One folder a process, which only its user may read and which goes with it: what it holds can be asked for again. */
const ownFolder = (): string => {
  if (folder !== undefined) return folder;
  const made = mkdtempSync(join(tmpdir(), "changeover-access-"));
  process.once("exit", () => rmSync(made, { recursive: true, force: true }));
  folder = made;
  return made;
};

/** @returns the path; named by its content, so that a cluster that moved or was made anew is another file. */
export const keepKubeconfig = (access: ExecAccess): string => {
  const text = describe(access);
  const file = join(ownFolder(), `${createHash("sha256").update(text).digest("hex").slice(0, 16)}.json`);
  if (existsSync(file)) return file;
  writeFileSync(`${file}.new`, text, { mode: 0o600 });
  renameSync(`${file}.new`, file);
  return file;
};
