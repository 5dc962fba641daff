import { karpenterObjects } from "../../../../../../components/clouds/eks/karpenter/objects";
import { connectionOf, parseStack } from "../../../../../../core/config";

const objectsFor = (pool: object) => {
  const parsed = parseStack({
    cluster: {
      ...{ name: "eu", cloud: "eks", version: "1.36", region: "eu-west-1" },
      eks: {
        roleArn: "arn:aws:iam::111122223333:role/control-plane",
        nodeRoleArn: "arn:aws:iam::111122223333:role/teams/nodes",
        subnets: { a: "subnet-0a1b2c3d4e5f60001", b: "subnet-0a1b2c3d4e5f60002" },
      },
    },
    backup: { kind: "none" },
    pools: {
      workers: {
        size: { min: 3, max: 9 },
        machine: "m7i.large",
        image: "1.36.1-20261105",
        karpenter: {},
        ...pool,
      },
    },
  });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  const { cluster, pools } = parsed.value;
  const [spec] = pools;
  if (spec === undefined) throw new Error("no pool");
  const generation = "workers-1-36-abcdef";
  return karpenterObjects({
    ...{ cluster, connection: connectionOf(cluster), pool: "workers", generation, active: true, spec },
  });
};

const MARKS = {
  "changeover.dev/pool": "workers",
  "changeover.dev/generation": "workers-1-36-abcdef",
};

describe("a generation as objects of Karpenter", () => {
  it("is one NodePool of exact machines", () => {
    expect(objectsFor({}).nodePool).toEqual({
      apiVersion: "karpenter.sh/v1",
      kind: "NodePool",
      metadata: { name: "workers-1-36-abcdef", labels: MARKS },
      spec: {
        template: {
          metadata: { labels: MARKS },
          spec: {
            nodeClassRef: {
              group: "karpenter.k8s.aws",
              kind: "EC2NodeClass",
              name: "workers-1-36-abcdef",
            },
            requirements: [
              { key: "node.kubernetes.io/instance-type", operator: "In", values: ["m7i.large"] },
              { key: "karpenter.sh/capacity-type", operator: "In", values: ["on-demand"] },
            ],
            expireAfter: "Never",
          },
        },
        limits: { nodes: "9" },
        disruption: {
          consolidationPolicy: "WhenEmptyOrUnderutilized",
          consolidateAfter: "0s",
          budgets: [{ nodes: "10%" }],
        },
      },
    });
  });

  it("and one EC2NodeClass with one exact AMI, the role by its name and the subnets of its zones", () => {
    expect(objectsFor({ zones: ["b"] }).nodeClass).toEqual({
      apiVersion: "karpenter.k8s.aws/v1",
      kind: "EC2NodeClass",
      metadata: { name: "workers-1-36-abcdef", labels: MARKS },
      spec: {
        amiFamily: "AL2023",
        amiSelectorTerms: [
          { name: "amazon-eks-node-al2023-x86_64-standard-1.36-v20261105", owner: "amazon" },
        ],
        role: "nodes",
        subnetSelectorTerms: [{ id: "subnet-0a1b2c3d4e5f60002" }],
        securityGroupSelectorTerms: [{ tags: { "aws:eks:cluster-name": "eu" } }],
        tags: MARKS,
      },
    });
  });

  it("says spot, labels, taints, age and bounds as config does", () => {
    const { nodePool } = objectsFor({
      capacity: "spot",
      labels: { team: "ml" },
      taints: [{ key: "ml", value: "yes", effect: "NoSchedule" }],
      karpenter: {
        expireAfter: "720h",
        budget: "2",
        consolidationPolicy: "WhenEmpty",
        consolidateAfter: "5m",
      },
    });
    const { template, disruption } = nodePool.spec;
    expect(template.metadata.labels).toEqual({ team: "ml", ...MARKS });
    expect(template.spec).toMatchObject({
      taints: [{ key: "ml", value: "yes", effect: "NoSchedule" }],
      expireAfter: "720h",
    });
    expect(template.spec.requirements[1]?.values).toEqual(["spot"]);
    expect(disruption).toEqual({
      consolidationPolicy: "WhenEmpty",
      consolidateAfter: "5m",
      budgets: [{ nodes: "2" }],
    });
  });

  it("gives Bottlerocket its disk for data, others the one they boot from", () => {
    expect(objectsFor({ diskGiB: 80 }).nodeClass.spec.blockDeviceMappings).toEqual([
      { deviceName: "/dev/xvda", ebs: { volumeSize: "80Gi", volumeType: "gp3", encrypted: true } },
    ]);
    const { spec } = objectsFor({ image: "BOTTLEROCKET_x86_64/1.50.0-ab12cd34", diskGiB: 80 }).nodeClass;
    expect(spec).toMatchObject({
      amiFamily: "Bottlerocket",
      blockDeviceMappings: [
        { deviceName: "/dev/xvda", ebs: { volumeSize: "4Gi" } },
        { deviceName: "/dev/xvdb", ebs: { volumeSize: "80Gi" } },
      ],
    });
  });
});
