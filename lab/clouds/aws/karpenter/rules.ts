import type { StandInRule } from "../../standInRule";

/** Rules of Karpenter that its stand-in keeps, each with the page or the source that states it. */
export const RULES = {
  oneImage: {
    rule: "an EC2NodeClass is Ready only where its AMI is found; without it no machine is made",
    source: "https://karpenter.sh/docs/concepts/nodeclasses/",
  },
  forPods: {
    rule: "a machine is made for a pod that the scheduler can't place, where the NodePool's template fits it",
    source: "https://karpenter.sh/docs/concepts/scheduling/",
  },
  nominated: {
    rule: "a machine that was made for pods is not taken for empty, nor joined by another, while the scheduler has yet to place them",
    source: "https://github.com/kubernetes-sigs/karpenter/blob/main/pkg/controllers/state/statenode.go",
  },
  limits: {
    rule: "a NodePool at its limits makes no machine for pods; a NodeClaim that somebody wrote is served all the same",
    source: "https://karpenter.sh/docs/concepts/nodepools/#speclimits",
  },
  budgets: {
    rule: "an empty node is taken away, and a drifted one replaced, only as far as budgets allow",
    source: "https://karpenter.sh/docs/concepts/disruption/#nodepool-disruption-budgets",
  },
  drift: {
    rule: "another template than the one a machine was made from is drift; other limits and budgets are not",
    source: "https://karpenter.sh/docs/concepts/disruption/#drift",
  },
  terminates: {
    rule: "a NodeClaim that is deleted closes its node to new pods and goes once it is drained, or at once when its deadline has passed",
    source: "https://karpenter.sh/docs/concepts/disruption/#termination-controller",
  },
  poolTakesClaims: {
    rule: "the NodeClaims of a NodePool that is deleted are deleted with it",
    source: "https://karpenter.sh/docs/concepts/nodepools/",
  },
  classLast: {
    rule: "an EC2NodeClass stays until no NodeClaim names it",
    source: "https://github.com/aws/karpenter-provider-aws/blob/main/pkg/controllers/nodeclass/controller.go",
  },
} as const satisfies Record<string, StandInRule>;
