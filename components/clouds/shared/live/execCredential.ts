export interface Credential {
  readonly token: string;
  /** Milliseconds since 1970; the program is run again then. */
  readonly endsAt: number;
}

/** The end of a program that kubeconfigs run for a credential (client.authentication.k8s.io, ExecCredential). */
export const printCredential = async (make: () => Promise<Credential>): Promise<void> => {
  try {
    const { token, endsAt } = await make();
    const status = { token, expirationTimestamp: new Date(endsAt).toISOString() };
    const kind = "ExecCredential";
    process.stdout.write(JSON.stringify({ apiVersion: "client.authentication.k8s.io/v1", kind, status }));
  } catch (error) {
    process.stderr.write(
      `no token for the cluster: ${error instanceof Error ? error.message : String(error)}\n`,
    );
    process.exitCode = 1;
  }
};
