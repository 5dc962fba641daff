import { addOnAdoption, addOnArgs } from "../../../../../components/clouds/eks/addOnArgs";
import { parseStack } from "../../../../../core/config";
import { eksCluster, eksWorkers } from "../../../../support/eksStack";

const parsed = parseStack({
  cluster: eksCluster("eu", "1.36"),
  backup: { kind: "none" },
  pools: { workers: eksWorkers("1.36.4-20261105") },
});
if (!parsed.ok) throw new Error("refused");
const { cluster } = parsed.value;

describe("an add-on as EKS is asked for it", () => {
  it("is exact, seizes nothing when made, keeps others' values when updated, and leaves its software behind", () => {
    expect(
      addOnArgs({ cluster, name: "vpc-cni", spec: { owner: "program", version: "v1.21.1-eksbuild.1" } }),
    ).toEqual({
      region: "eu-west-1",
      clusterName: "eu",
      addonName: "vpc-cni",
      addonVersion: "v1.21.1-eksbuild.1",
      resolveConflictsOnCreate: "NONE",
      resolveConflictsOnUpdate: "PRESERVE",
      preserve: true,
      tags: { "changeover.dev/cluster": "eu" },
    });
  });

  it("has role and settings where config says them", () => {
    const roleArn = "arn:aws:iam::111122223333:role/csi";
    const spec = {
      owner: "program",
      version: "v1.54.0-eksbuild.1",
      roleArn,
      settings: { a: { b: 1 } },
    } as const;
    expect(addOnArgs({ cluster, name: "aws-ebs-csi-driver", spec })).toMatchObject({
      serviceAccountRoleArn: roleArn,
      configurationValues: '{"a":{"b":1}}',
    });
  });
});

describe("an add-on that EKS had before the stack", () => {
  const taken = (version: string) =>
    addOnAdoption({
      cluster,
      name: "coredns",
      spec: { owner: "program", version, adopt: { version: "v1.12.4-eksbuild.1" } },
    });

  it("is imported by cluster and name, keeps its tags and role associations, and is let go by being forgotten", () => {
    const asItWas = taken("v1.12.4-eksbuild.1");
    expect(asItWas).toMatchObject({ import: "eu:coredns", retainOnDelete: true });
    expect(asItWas.ignoreChanges).toEqual([
      ...["addonName", "clusterName", "namespaceConfig", "podIdentityAssociations", "region"],
      ...["resolveConflictsOnCreate", "tags", "preserve", "resolveConflictsOnUpdate"],
    ]);
  });

  it("is said how to update with the first version of the stack's own", () => {
    const { ignoreChanges } = taken("v1.13.1-eksbuild.1");
    expect(ignoreChanges).not.toContain("resolveConflictsOnUpdate");
    expect(ignoreChanges).not.toContain("preserve");
    expect(ignoreChanges).toContain("podIdentityAssociations");
  });

  it("is none where config does not say so", () => {
    const spec = { owner: "program", version: "v1.12.4-eksbuild.1" } as const;
    expect(addOnAdoption({ cluster, name: "coredns", spec })).toEqual({
      ignoreChanges: ["region", "clusterName"],
    });
  });
});
