import { query } from "../query";
import { iamRegion } from "../signed";
import { textOf } from "../xml";

interface Place {
  readonly region: string;
  readonly signal: AbortSignal;
}

export interface Caller {
  /** "arn:aws:sts::111122223333:assumed-role/deployer/session". */
  readonly arn: string;
  readonly partition: string;
  readonly account: string;
}

/** Who the credentials are; every identity may ask that (STS, API_GetCallerIdentity). */
export const readCaller = async ({ region, signal }: Place): Promise<Caller> => {
  const asked = { action: "sts:GetCallerIdentity", on: "these credentials" } as const;
  const arn = textOf(await query({ asked, region, signal, form: [] }), "Arn") ?? "";
  const [, partition = "aws", , , account = ""] = arn.split(":");
  return { arn, partition, account };
};

const SESSION = /:assumed-role\/([^/]+)\//;

/**
 * What policies hang on, which is what IAM simulates: of a session its role. The session's ARN leaves out the role's
 * path, so IAM is asked for it (IAM, reference_identifiers). undefined = nothing of that kind: root, or a federated user.
 */
export const readPrincipal = async (
  { region, signal }: Place,
  { arn }: Caller,
): Promise<string | undefined> => {
  if (/:user\//.test(arn)) return arn;
  const role = SESSION.exec(arn)?.[1];
  if (role === undefined) return undefined;
  const asked = { action: "iam:GetRole", on: `role ${role}` } as const;
  const answer = await query({ asked, region: iamRegion(region), signal, form: [["RoleName", role]] });
  return textOf(answer, "Arn");
};
