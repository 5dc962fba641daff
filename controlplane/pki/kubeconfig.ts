import { readFileSync } from "node:fs";
import { readText, writeAtomic } from "../files";
import { certificatePath, keyPath } from "./layout";

export interface KubeconfigPlan {
  /** Name of cluster, user and context. */
  readonly name: string;
  readonly server: string;
  /** Whose client certificate (a leaf's file name). */
  readonly leaf: string;
}

const inline = (path: string): string => readFileSync(path).toString("base64");

/** JSON is YAML: every reader of kubeconfig files takes it. */
const describeKubeconfig = (dir: string, plan: KubeconfigPlan): string => {
  const { name } = plan;
  const cluster = { server: plan.server, "certificate-authority-data": inline(certificatePath(dir, "ca")) };
  const user = {
    "client-certificate-data": inline(certificatePath(dir, plan.leaf)),
    "client-key-data": inline(keyPath(dir, plan.leaf)),
  };
  const config = {
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name, cluster }],
    users: [{ name, user }],
    contexts: [{ name, context: { cluster: name, user: name } }],
    "current-context": name,
  };
  return `${JSON.stringify(config, undefined, 2)}\n`;
};

/** Written only when it says something new, so that who watches the file is not woken for nothing. */
export const ensureKubeconfig = (dir: string, path: string, plan: KubeconfigPlan): void => {
  const text = describeKubeconfig(dir, plan);
  if (readText(path) !== text) writeAtomic(path, text);
};
