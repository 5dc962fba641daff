import { execFileSync } from "node:child_process";
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RunOptions } from "../../controlplane";
import { waitFor } from "../../controlplane/wait";
import { openKube, type KubeClient } from "../../kube";
import { destroyLab, labKubeconfig, listLabs } from "../../lab";

export const OLD = "1.35.8";
export const NEW = "1.36.4";

/** Silent, and given up when a test takes too long by far. */
export const run = (): RunOptions => ({ progress: () => undefined, signal: AbortSignal.timeout(170_000) });

/** A folder for the labs of one test file; after the file nothing of them is left. */
export const useTemporaryLabs = (): { readonly root: string } => {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "changeover-labs-")));
  const before = process.env["CHANGEOVER_LABS"];
  beforeAll(() => (process.env["CHANGEOVER_LABS"] = root));
  afterAll(async () => {
    for (const { name } of listLabs()) await destroyLab(name, run());
    if (before === undefined) delete process.env["CHANGEOVER_LABS"];
    else process.env["CHANGEOVER_LABS"] = before;
    rmSync(root, { recursive: true, force: true });
  });
  return { root };
};

/** Command lines of all processes that work on a folder. */
export const processesOf = (folder: string): readonly string[] =>
  execFileSync("ps", ["-axww", "-o", "pid=,args="], { encoding: "utf8" })
    .split("\n")
    .filter(line => line.includes(folder) && !line.includes("ps -axww"));

export const withKube = async <T>(lab: string, work: (kube: KubeClient) => Promise<T>): Promise<T> => {
  const kube = await openKube({ kubeconfig: labKubeconfig(lab) ?? "" });
  try {
    return await work(kube);
  } finally {
    await kube.close();
  }
};

/** Looks until `look` gives something other than undefined. */
export const eventually = <T>(
  what: string,
  look: () => Promise<T | undefined>,
  deadlineMs = 60_000,
): Promise<T> =>
  waitFor(look, { signal: AbortSignal.timeout(deadlineMs + 1_000), deadlineMs }, () => ({
    code: "Test.Late",
    path: what,
    message: `did not happen within ${deadlineMs / 1000} s`,
    fix: "see the lab's logs",
  }));
