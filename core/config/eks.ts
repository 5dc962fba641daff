import { z } from "zod";
import type { Problem } from "../problem";
import { type KubeVersion, minorText } from "../version/kubeVersion";
import { closed } from "./closed";
import { eksAdmins, refuseStrangers } from "./eksAdmins";
import { refuseValue } from "./refusal";
import { shaped } from "./shaped";

const role = () =>
  shaped(
    /^arn:aws[a-z-]*:iam::\d{12}:role\/.+$/,
    "the ARN of an IAM role",
    "arn:aws:iam::111122223333:role/name",
  );

const MIN_SUBNETS = 2;

/** `cluster.eks`: what EKS needs and nobody else may invent: roles and network. */
export const eksSchema = closed({
  roleArn: role().describe("IAM role that the control plane acts as."),
  nodeRoleArn: role().describe(
    "IAM role of the nodes. A change counts for generations made after it; `respin` makes one.",
  ),
  subnets: z
    .record(
      z.string().min(1),
      shaped(/^subnet-[0-9a-f]{8,17}$/, "the id of a subnet", "subnet-0a1b2c3d4e5f60718"),
    )
    .describe(
      "Zone, as pools name it → subnet in it. The control plane gets all of them, a generation those of its zones.",
    ),
  endpoint: closed({
    public: z.boolean().default(true).describe("Whether the API answers on the internet."),
    private: z.boolean().default(true).describe("Whether the API answers inside the VPC."),
    publicCidrs: z
      .array(z.string().min(1))
      .default([])
      .describe("Who may reach the public one; anybody when empty."),
  })
    .prefault({})
    .describe("Where the cluster's API is reached."),
  logs: z
    .array(z.enum(["api", "audit", "authenticator", "controllerManager", "scheduler"]))
    .default(["api", "audit", "authenticator"])
    .describe("Logs of the control plane that go to CloudWatch."),
  support: z
    .enum(["standard", "extended"])
    .default("extended")
    .describe(
      "What happens when standard support of the version ends: standard = AWS upgrades the cluster by itself, extended = AWS charges more.",
    ),
  encryptionKey: shaped(
    /^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[0-9a-f-]+$/,
    "the ARN of a KMS key",
    "arn:aws:kms:eu-west-1:111122223333:key/00000000-1111-2222-3333-444444444444",
  )
    .optional()
    .describe(
      "Key of your own that encrypts what the API server stores; AWS's own when absent. A cluster is made with it: EKS never takes one back.",
    ),
  admins: eksAdmins()
    .optional()
    .describe(
      "ARNs of IAM roles and users that administer the cluster by access entries of this stack, beside whoever makes it: EKS gives the maker an entry by itself.",
    ),
  acceptedInsights: z
    .array(z.string().min(1))
    .optional()
    .describe(
      "Names of EKS insights in ERROR that somebody looked into: they warn instead of refusing. An API that was used stays in ERROR for up to 30 days after the last use.",
    ),
}).superRefine((eks, context) => {
  refuseStrangers(context, eks);
  const { subnets } = eks;
  const found = Object.keys(subnets).length;
  if (found >= MIN_SUBNETS) return;
  const message = `found ${found} zones; EKS needs subnets in at least ${MIN_SUBNETS} availability zones`;
  refuseValue(context, { code: "Config.OutOfRange", message, fix: "add a subnet of another zone" }, [
    "subnets",
  ]);
});

export type EksSpec = Readonly<z.output<typeof eksSchema>>;

const VERSIONS_URL = "https://docs.aws.amazon.com/eks/latest/userguide/kubernetes-versions.html";

/** EKS takes minors; it chooses the patch of the control plane, and an image's release that of its kubelet. */
export const checkPatch = (path: string, version: KubeVersion): readonly Problem[] =>
  version.patch === undefined
    ? []
    : [
        {
          code: "Eks.MinorOnly",
          path,
          message: `found a patch, ${minorText(version)}.${version.patch}; EKS runs minors and chooses the patch itself`,
          fix: `write "${minorText(version)}"`,
          source: VERSIONS_URL,
        },
      ];
