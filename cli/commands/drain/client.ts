import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { ProblemError } from "../../../core/problem";
import type { KubeCall, KubeClient, KubeSource } from "../../../kube";
import { labKubeconfig, listLabs } from "../../../lab";

export interface SourceFlags {
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly lab?: string;
}

/** Where nobody has named a cluster, the only lab there is. */
const onlyLab = (): string | undefined => {
  const [lab, ...others] = listLabs();
  if (lab === undefined || others.length > 0) return undefined;
  const file = labKubeconfig(lab.name);
  if (file !== undefined) process.stderr.write(`no kubeconfig: this is your lab "${lab.name}"\n`);
  return file;
};

const defaultKubeconfig = (): string => {
  const named = process.env["KUBECONFIG"];
  if (named) return named;
  const home = join(homedir(), ".kube", "config");
  return existsSync(home) ? home : (onlyLab() ?? home);
};

const labFile = (name: string): string => {
  const file = labKubeconfig(name);
  if (file !== undefined) return file;
  throw new ProblemError("no cluster", [
    {
      code: "Drain.NoLab",
      path: "--lab",
      message: `there is no lab "${name}" that can be reached`,
      fix: "`changeover lab list` shows the labs; `changeover lab up` makes one",
    },
  ]);
};

/** As kubectl finds it: the flag, then KUBECONFIG, then the home folder, then the only lab; a lab's own when named. */
export const sourceOf = ({ kubeconfig, context, lab }: SourceFlags): KubeSource => {
  const file = kubeconfig ?? (lab === undefined ? defaultKubeconfig() : labFile(lab));
  return context === undefined ? { kubeconfig: file } : { kubeconfig: file, context };
};

/** The same client asking for this many objects at a time in its lists; 0 = for all at once. */
export const withChunkSize = (kube: KubeClient, size: number): KubeClient => {
  const resize = (call: KubeCall): KubeCall => {
    if (call.method !== "GET" || call.query?.["limit"] === undefined) return call;
    return { ...call, query: { ...call.query, limit: size === 0 ? undefined : size } };
  };
  return {
    server: kube.server,
    request: call => kube.request(resize(call)),
    watch: call => kube.watch(call),
    close: () => kube.close(),
  };
};
