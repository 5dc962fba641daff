import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { type KubeClient, openKube } from "../../../../kube";
import type { Site } from "./benchSites";

const RBAC = "/apis/rbac.authorization.k8s.io/v1";

export const createRole = (kube: KubeClient, name: string, rules: readonly object[]): Promise<unknown> =>
  kube.request({ method: "POST", path: `${RBAC}/clusterroles`, body: { metadata: { name }, rules } });

/** A client that speaks for a user of this name, who has this role and is in no group. */
export const openAs = async (site: Site, user: string, role: string): Promise<KubeClient> => {
  const roleRef = { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: role };
  await site.kube.request({
    method: "POST",
    path: `${RBAC}/clusterrolebindings`,
    body: { metadata: { name: user }, roleRef, subjects: [{ kind: "User", name: user }] },
  });
  const config = parse(readFileSync(site.kubeconfig, "utf8")) as { users: { user: object }[] };
  config.users = config.users.map(entry => ({ ...entry, user: { ...entry.user, as: user } }));
  const dir = mkdtempSync(join(tmpdir(), "changeover-as-"));
  try {
    const kubeconfig = join(dir, "kubeconfig");
    writeFileSync(kubeconfig, JSON.stringify(config));
    return await openKube({ kubeconfig });
  } finally {
    rmSync(dir, { recursive: true });
  }
};
