import { createRequire } from "node:module";
import { EKSClient } from "@aws-sdk/client-eks";
import { accessEntryKind, accessPolicyKind } from "./accessEntry";
import { addOnKind } from "./addOn";
import { clusterKind } from "./cluster";
import type { ResourceKind } from "../../plugin/kind";
import { servePlugin } from "../../plugin/serve";
import { nodeGroupKind } from "./nodeGroup";

/*
 * A program: stands in for the plugin `pulumi-resource-aws`, for the resource types of an EKS stack. It only turns
 * Pulumi's calls into those of AWS's API, which AWS_ENDPOINT_URL points at the stand-in API: the rules are there.
 */
const { version } = createRequire(__filename)("@pulumi/aws/package.json") as { version: string };

const openKinds = (): Readonly<Record<string, ResourceKind>> => {
  const endpoint = process.env["AWS_ENDPOINT_URL"];
  if (endpoint?.startsWith("http://127.0.0.1:") !== true)
    throw new Error(
      "the stand-in for AWS speaks to a stand-in API on this machine only: set AWS_ENDPOINT_URL",
    );
  const eks = new EKSClient({ region: process.env["AWS_REGION"] ?? "eu-west-1" });
  return {
    "aws:eks/cluster:Cluster": clusterKind(eks),
    "aws:eks/nodeGroup:NodeGroup": nodeGroupKind(eks),
    "aws:eks/addon:Addon": addOnKind(eks),
    "aws:eks/accessEntry:AccessEntry": accessEntryKind(eks),
    "aws:eks/accessPolicyAssociation:AccessPolicyAssociation": accessPolicyKind(eks),
  };
};

servePlugin({ cloud: "AWS", version, kinds: openKinds(), bridged: true });
