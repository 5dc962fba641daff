import { neededActions } from "../../../../../../components/clouds/eks/live/readiness/neededActions";
import {
  type Decision,
  judgeDecisions,
} from "../../../../../../components/clouds/eks/live/readiness/permissions";
import { connectionOf, parseStack } from "../../../../../../core/config";
import type { WantedAtCloud } from "../../../../../../operations/ports";
import { eksCluster, eksWorkers } from "../../../../../support/eksStack";

const parsed = parseStack({
  cluster: eksCluster("eu-1", "1.36"),
  backup: { kind: "none" },
  pools: { workers: eksWorkers("1.36.4-20261105") },
});
if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
const { cluster, pools } = parsed.value;
const [spec] = pools;
if (spec === undefined) throw new Error("no pool");

const generation = "workers-1-36-abcdef";
const idle: WantedAtCloud = {
  connection: connectionOf(cluster),
  cluster,
  pools,
  addOns: {},
  live: "1.35",
  toCome: [],
};
const moving: WantedAtCloud = { ...idle, toCome: [{ pool: "workers", generation, count: 2, spec }] };
const step = { from: "1.35", to: "1.36", back: false };
const caller = { arn: "arn:aws:iam::111122223333:user/ci", partition: "aws", account: "111122223333" };

const needs = (wanted: WantedAtCloud, going: typeof step | undefined): readonly string[] =>
  neededActions(wanted, going, caller).flatMap(({ actions }) => actions);

describe("what a run will ask of AWS", () => {
  it("is asked on the resources it will be asked on, so that a narrowed role passes", () => {
    expect(neededActions(moving, step, caller).map(({ resource }) => resource)).toEqual([
      "arn:aws:eks:eu-west-1:111122223333:cluster/eu-1",
      "arn:aws:eks:eu-west-1:111122223333:nodegroup/eu-1/workers-1-36-abcdef/00000000-0000-0000-0000-000000000000",
      "arn:aws:autoscaling:eu-west-1:111122223333:autoScalingGroup:00000000-0000-0000-0000-000000000000:autoScalingGroupName/eks-workers-1-36-abcdef-00000000-0000-0000-0000-000000000000",
      "arn:aws:iam::111122223333:role/control-plane",
      "arn:aws:iam::111122223333:role/nodes",
      "*",
    ]);
  });

  it("follows what moves: the control plane, pools, or a cluster to be made", () => {
    expect(needs(moving, undefined)).not.toContain("eks:UpdateClusterVersion");
    expect(needs(idle, step)).toContain("eks:UpdateClusterVersion");
    expect(needs(idle, step)).not.toContain("eks:CreateNodegroup");
    expect(needs(moving, step)).toEqual(
      expect.arrayContaining(["eks:CreateNodegroup", "eks:DeleteNodegroup", "iam:PassRole"]),
    );
    expect(needs(moving, step)).not.toContain("eks:CreateCluster");
    const { live: _none, ...fresh } = moving;
    expect(needs(fresh, undefined)).toContain("eks:CreateCluster");
  });

  it("asks for access entries where config names administrators, by the name that EKS gives them", () => {
    expect(needs(moving, step)).not.toContain("eks:CreateAccessEntry");
    const admins = ["arn:aws:iam::444455556666:role/team/ops"];
    const eks = { ...cluster.eks, admins } as typeof cluster.eks;
    const asked = neededActions({ ...moving, cluster: { ...cluster, eks } }, step, caller);
    expect(asked.find(({ actions }) => actions.includes("eks:CreateAccessEntry"))?.resource).toBe(
      "arn:aws:eks:eu-west-1:111122223333:cluster/eu-1",
    );
    expect(asked.find(({ actions }) => actions.includes("eks:AssociateAccessPolicy"))).toEqual({
      resource:
        "arn:aws:eks:eu-west-1:111122223333:access-entry/eu-1/role/444455556666/ops/00000000-0000-0000-0000-000000000000",
      actions: ["eks:AssociateAccessPolicy", "eks:DescribeAccessEntry", "eks:ListAssociatedAccessPolicies"],
    });
  });

  it("asks for a key of one's own where a cluster is made with it, and never again", () => {
    const encryptionKey = "arn:aws:kms:eu-west-1:111122223333:key/00000000-1111-2222-3333-444444444444";
    if (cluster.eks === undefined) throw new Error("no eks block");
    const keyed: WantedAtCloud = {
      ...moving,
      cluster: { ...cluster, eks: { ...cluster.eks, encryptionKey } },
    };
    const { live: _none, ...fresh } = keyed;
    expect(neededActions(fresh, undefined, caller)).toContainEqual({
      resource: encryptionKey,
      actions: ["kms:CreateGrant", "kms:DescribeKey"],
    });
    expect(needs(keyed, step).filter(action => action.startsWith("kms:"))).toEqual([]);
  });

  it("asks for add-ons where the stack has some of its own", () => {
    expect(needs(moving, step).filter(action => action.includes("Addon"))).toEqual([]);
    expect(needs({ ...moving, addOns: { coredns: { owner: "external" } } }, step)).not.toContain(
      "eks:CreateAddon",
    );
    const version = "v1.13.1-eksbuild.1";
    const own: WantedAtCloud = { ...moving, addOns: { coredns: { owner: "program", version } } };
    expect(needs(own, step)).toEqual(expect.arrayContaining(["eks:CreateAddon", "eks:UpdateAddon"]));
    expect(neededActions(own, step, caller).map(({ resource }) => resource)).toContain(
      "arn:aws:eks:eu-west-1:111122223333:addon/eu-1/coredns/00000000-0000-0000-0000-000000000000",
    );
  });

  it("never asks for what only the checks need, nor for deleting a cluster", () => {
    const all = needs(moving, step);
    expect(all.filter(action => /Simulate|ServiceQuota|DeleteCluster$|GetParameter/.test(action))).toEqual(
      [],
    );
  });
});

const decision = (action: string, facts: Partial<Decision> = {}): Decision => ({
  ...{ action, resource: "*", decision: "implicitDeny", missing: [], organisation: true },
  ...facts,
});

describe("IAM's simulation", () => {
  it("refuses with all that is denied in one problem", () => {
    const { blockers, warnings } = judgeDecisions(caller, [
      decision("eks:CreateNodegroup", { resource: "arn:c" }),
      decision("iam:PassRole", { decision: "explicitDeny" }),
      decision("eks:DescribeCluster", { decision: "allowed" }),
    ]);
    expect(warnings).toEqual([]);
    expect(blockers).toMatchObject([
      {
        code: "Eks.MayNot",
        message:
          "arn:aws:iam::111122223333:user/ci may not do what this run will ask for: eks:CreateNodegroup on arn:c, iam:PassRole",
      },
    ]);
  });

  it("only warns where a condition or the organisation may decide otherwise in the call itself", () => {
    const { blockers, warnings } = judgeDecisions(caller, [
      decision("eks:CreateNodegroup", { missing: ["aws:RequestTag/team"] }),
      decision("iam:PassRole", { organisation: false }),
    ]);
    expect(blockers).toEqual([]);
    expect(warnings).toMatchObject([
      { code: "Eks.MayNotBeSure", message: expect.stringContaining("aws:RequestTag/team") as string },
    ]);
  });
});
