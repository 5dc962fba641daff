import type { Cluster } from "@aws-sdk/client-eks";
import type { Problem } from "../../../../../core/problem";
import { AUTO_MODE } from "../autoMode";
import { type Findings, NOTHING } from "../../../shared/live/sideBySide";
import { keyOf } from "../encryption";
import { blocked, warned } from "./findings";
import type { Question } from "./question";

/** Who else moves nodes of this cluster at AWS. */
export const checkAutoMode = async ({ cluster }: Question): Promise<Findings> => {
  const found = await cluster();
  return found === undefined ? NOTHING : judgeAutoMode(found);
};

export const judgeAutoMode = ({ name = "", computeConfig }: Cluster): Findings =>
  computeConfig?.enabled === true ? blocked(autoMode(name)) : NOTHING;

/** An edit of the key reaches no cluster that is there, so it is not to be taken for one that did. */
export const checkEncryption = async ({ cluster, wanted }: Question): Promise<Findings> => {
  const found = await cluster();
  return found === undefined ? NOTHING : judgeEncryption(found, wanted.cluster.eks?.encryptionKey);
};

export const judgeEncryption = (found: Cluster, wanted: string | undefined): Findings => {
  const key = keyOf(found);
  return key === wanted ? NOTHING : warned(otherKey(key, wanted));
};

const otherKey = (found: string | undefined, wanted: string | undefined): Problem => ({
  code: "Eks.OtherKey",
  path: "cluster.eks.encryptionKey",
  message: `config says ${wanted ?? "AWS's own key"}, and the cluster's is ${found ?? "AWS's own"}: EKS never changes a key, nor takes one back`,
  fix:
    found === undefined
      ? "give it the key by `aws eks associate-encryption-config`, which can't be undone; a preview that finds it there says nothing more"
      : `write ${found}; another key is another cluster (docs/cluster-handover.md)`,
  source: "https://docs.aws.amazon.com/eks/latest/userguide/enable-kms.html",
});

const autoMode = (name: string): Problem => ({
  code: "Eks.AutoMode",
  path: "cluster",
  message: `cluster "${name}" ${AUTO_MODE.is}; once the control plane has moved it would replace its nodes`,
  fix: AUTO_MODE.fix,
  source: AUTO_MODE.source,
});
