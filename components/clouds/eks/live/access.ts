import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Cluster, DescribeClusterCommand } from "@aws-sdk/client-eks";
import { ownEntry } from "../../../../controlplane/process/ownEntry";
import type { ConnectionRecipe } from "../../../../core/config/connection";
import { ProblemError } from "../../../../core/problem";
import { KubeError } from "../../../../kube";
import type { KubeAccess } from "../../../../operations/ports";
import { askFor } from "./call";
import { eksClient } from "./clients";

export const regionOf = ({ region, name }: ConnectionRecipe): string => {
  if (region === undefined) throw new Error(`the connection to ${name} names no region`);
  return region;
};

/** How to open the cluster's API now. "absent" only when EKS says that it knows no such cluster. */
export const openAccess = async (connection: ConnectionRecipe): Promise<KubeAccess | "absent"> => {
  const { name } = connection;
  const found = await askFor({ action: "eks:DescribeCluster", on: `cluster ${name}` }, () =>
    eksClient(regionOf(connection)).send(new DescribeClusterCommand({ name })),
  );
  if (found === undefined) return "absent";
  const cluster = found.cluster ?? {};
  checkAccount(connection, cluster);
  return { kubeconfig: keepKubeconfig(describeKubeconfig(connection, cluster)) };
};

const checkAccount = ({ account, name }: ConnectionRecipe, { arn = "" }: Cluster): void => {
  const found = arn.split(":")[4];
  if (account === undefined || found === account) return;
  throw new ProblemError("another account", [
    {
      code: "Eks.OtherAccount",
      path: "cluster.account",
      message: `the credentials lead to cluster "${name}" of account ${found ?? "unknown"}; config names ${account}`,
      fix: "use credentials of that account, or correct cluster.account",
    },
  ]);
};

const notOpen = (name: string, status = "in an unknown state"): KubeError =>
  new KubeError({
    kind: "unreachable",
    message: `EKS cluster ${name} is ${status}: its API has no address yet`,
  });

/** JSON is YAML. No token inside: whoever opens it asks for a fresh one, as with `aws eks update-kubeconfig`. */
const describeKubeconfig = (connection: ConnectionRecipe, cluster: Cluster): string => {
  const { name } = connection;
  const { endpoint, certificateAuthority, status } = cluster;
  if (endpoint === undefined || certificateAuthority?.data === undefined) throw notOpen(name, status);
  const { command, args } = ownEntry(join(__dirname, "token"));
  const exec = {
    apiVersion: "client.authentication.k8s.io/v1",
    command,
    args: [...args, "--region", regionOf(connection), "--cluster", name],
    env: null,
    interactiveMode: "Never",
    provideClusterInfo: false,
  };
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [
      { name, cluster: { server: endpoint, "certificate-authority-data": certificateAuthority.data } },
    ],
    users: [{ name, user: { exec } }],
    contexts: [{ name, context: { cluster: name, user: name } }],
    "current-context": name,
  });
};

let folder: string | undefined;

/** One folder a process, which only its user may read and which goes with it: what it holds can be asked for again. */
const ownFolder = (): string => {
  if (folder !== undefined) return folder;
  const made = mkdtempSync(join(tmpdir(), "changeover-eks-"));
  process.once("exit", () => rmSync(made, { recursive: true, force: true }));
  folder = made;
  return made;
};

/** Named by its content: a cluster that moved or was made anew is another file, and another client. */
const keepKubeconfig = (text: string): string => {
  const file = join(ownFolder(), `${createHash("sha256").update(text).digest("hex").slice(0, 16)}.json`);
  if (existsSync(file)) return file;
  writeFileSync(`${file}.new`, text, { mode: 0o600 });
  renameSync(`${file}.new`, file);
  return file;
};
