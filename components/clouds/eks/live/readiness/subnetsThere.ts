import type { Problem } from "../../../../../core/problem";
import { type Findings, NOTHING } from "../../../shared/live/sideBySide";
import { blocked } from "./findings";
import type { Question } from "./question";

/** A subnet that config names and EC2 does not know. */
export const checkSubnets = async ({ subnets, wanted, step }: Question): Promise<Findings> => {
  if (wanted.toCome.length === 0 && step === undefined) return NOTHING;
  const { unknown } = await subnets();
  return unknown === undefined ? NOTHING : blocked(noSubnet(unknown));
};

const noSubnet = (text: string): Problem => ({
  code: "Eks.SubnetUnknown",
  path: "cluster.eks.subnets",
  message: `EC2 does not know all of these subnets: ${text}`,
  fix: "name subnets of the cluster's VPC: `aws ec2 describe-subnets --filters Name=vpc-id,Values=…`",
  source: "https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html",
});
