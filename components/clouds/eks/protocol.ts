import type { GateInputs } from "../../gates/protocol";

/* The two objects that one generation is; shapes of karpenter.sh/v1 and karpenter.k8s.aws/v1, as far as they are used. */

export type Labels = Readonly<Record<string, string>>;

export interface KarpenterTaint {
  readonly key: string;
  readonly value?: string;
  readonly effect: string;
}

/** What a NodePool's machines are made of: each change of it is drift to Karpenter, so nothing here ever changes one. */
export interface MachineTemplate {
  readonly metadata: { readonly labels: Labels };
  readonly spec: {
    readonly nodeClassRef: { readonly group: string; readonly kind: string; readonly name: string };
    readonly requirements: readonly {
      readonly key: string;
      readonly operator: string;
      readonly values: readonly string[];
    }[];
    readonly taints?: readonly KarpenterTaint[];
    readonly expireAfter: string;
  };
}

/** What may change while machines run: none of it is in the hash by which Karpenter knows drift. */
export interface PoolBounds {
  readonly limits: Labels;
  readonly disruption: {
    readonly consolidationPolicy: string;
    readonly consolidateAfter: string;
    readonly budgets: readonly { readonly nodes: string }[];
  };
}

export interface NodePool {
  readonly apiVersion: "karpenter.sh/v1";
  readonly kind: "NodePool";
  readonly metadata: { readonly name: string; readonly labels: Labels };
  readonly spec: PoolBounds & { readonly template: MachineTemplate };
}

export interface Ec2NodeClass {
  readonly apiVersion: "karpenter.k8s.aws/v1";
  readonly kind: "EC2NodeClass";
  readonly metadata: { readonly name: string; readonly labels: Labels };
  readonly spec: {
    readonly amiFamily: string;
    readonly amiSelectorTerms: readonly { readonly name: string; readonly owner: string }[];
    readonly role: string;
    readonly subnetSelectorTerms: readonly { readonly id: string }[];
    readonly securityGroupSelectorTerms: readonly { readonly tags: Labels }[];
    readonly blockDeviceMappings?: readonly object[];
    readonly tags: Labels;
  };
}

export interface KarpenterObjects {
  readonly nodePool: NodePool;
  readonly nodeClass: Ec2NodeClass;
}

/** One generation of a pool whose machines Karpenter makes. Nothing of it is changed by the program but its bounds. */
export interface KarpenterMachinesInputs extends GateInputs {
  readonly gate: "KarpenterMachines";
  readonly cluster: string;
  readonly pool: string;
  readonly generation: string;
  /** As it is while the pool runs on it: gates alone close and open it. */
  readonly nodePool: NodePool;
  readonly nodeClass: Ec2NodeClass;
}

export type KarpenterMachinesOutputs = KarpenterMachinesInputs;
