/** A cluster's API, and the program that gives a fresh credential for it whenever one is needed. */
export interface ExecAccess {
  readonly name: string;
  readonly server: string;
  /** Base64 of the PEM of who signs for the server. */
  readonly authority: string;
  readonly program: ExecProgram;
}

interface ExecProgram {
  readonly command: string;
  readonly args: readonly string[];
  /** What the program answers in; absent = v1. Clients refuse an answer in another one than they were told of. */
  readonly answers?: "v1" | "v1beta1";
  /** Whether it is told of the cluster it is run for. */
  readonly toldOfCluster?: true;
}

/** JSON is YAML. No token inside: whoever opens it runs the program. The same access is the same text, always. */
export const kubeconfigText = ({ name, server, authority, program }: ExecAccess): string => {
  const exec = {
    apiVersion: `client.authentication.k8s.io/${program.answers ?? "v1"}`,
    command: program.command,
    args: program.args,
    env: null,
    interactiveMode: "Never",
    provideClusterInfo: program.toldOfCluster ?? false,
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
