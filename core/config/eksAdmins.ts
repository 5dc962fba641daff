import { z } from "zod";
import { quote, type Refusal, refuseValue } from "./refusal";

/** "arn:PARTITION:iam::ACCOUNT:role/PATH/NAME", or of a user. */
const PRINCIPAL = /^arn:aws[a-z-]*:iam::\d{12}:(?:role|user)\/(?:[!-~]*\/)?[\w+=,.@-]+$/;
const SESSION = /^arn:(aws[a-z-]*):sts::(\d{12}):assumed-role\/([^/]+)\/.+$/;

/** A session is over before the cluster is: API_CreateAccessEntry.html, principalArn. */
const session = (found: string): Refusal | undefined => {
  const [, partition, account, role] = SESSION.exec(found) ?? [];
  if (role === undefined) return undefined;
  return {
    code: "Eks.AdminIsSession",
    message: `found ${quote(found)}, a session of a role; EKS takes the role itself (docs.aws.amazon.com/eks/latest/APIReference/API_CreateAccessEntry.html)`,
    fix: `write "arn:${partition ?? ""}:iam::${account ?? ""}:role/${role}", with the role's path before its name where it has one: \`aws iam get-role --role-name ${role}\` tells it`,
  };
};

const misshapen = (found: string): Refusal | undefined =>
  PRINCIPAL.test(found)
    ? undefined
    : {
        code: "Config.Shape",
        message: `found ${quote(found)}; an administrator is written like arn:aws:iam::111122223333:role/team/name or arn:aws:iam::111122223333:user/name`,
        fix: "write the ARN of an IAM role or user",
      };

const twice = (found: string, earlier: readonly string[]): Refusal | undefined =>
  earlier.includes(found)
    ? {
        code: "Config.Duplicate",
        message: `found ${quote(found)} twice; EKS has one access entry for a principal`,
        fix: "remove one of the two",
      }
    : undefined;

/** `cluster.eks.admins`. */
export const eksAdmins = () =>
  z.array(z.string()).superRefine((admins, context) => {
    admins.forEach((found, index) => {
      const refusal = session(found) ?? misshapen(found) ?? twice(found, admins.slice(0, index));
      if (refusal !== undefined) refuseValue(context, refusal, [index]);
    });
  });

const partitionOf = (arn: string): string => arn.split(":")[1] ?? "";

interface Arns {
  readonly roleArn: string;
  readonly admins?: readonly string[] | undefined;
}

/** IAM of one partition (AWS, AWS GovCloud, AWS China) knows nobody of another. */
export const refuseStrangers = (context: z.core.$RefinementCtx, { roleArn, admins = [] }: Arns): void => {
  const own = partitionOf(roleArn);
  admins.forEach((found, index) => {
    if (!PRINCIPAL.test(found) || partitionOf(found) === own) return;
    const message = `found ${quote(found)}; the cluster's own role is of partition "${own}", and IAM knows nobody of another`;
    const fix = "name a role or user of the cluster's partition";
    refuseValue(context, { code: "Eks.AdminOfOtherPartition", message, fix }, ["admins", index]);
  });
};
