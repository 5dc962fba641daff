import { keeperIn } from "../../../../../components/clouds/eks/live/addOns";
import { settingsIn } from "../../../../../components/clouds/eks/live/existingAddOns";

describe("what `changeover adopt --add-ons` reads of an add-on", () => {
  it.each([
    ['{"replicaCount":3}', { replicaCount: 3 }],
    ['{ "replicaCount": 3 }', undefined],
    ["replicaCount: 3", undefined],
    ["[1]", undefined],
    ["", undefined],
    [undefined, undefined],
  ])("settings %j become %j: only what config would write in the same words", (text, expected) => {
    expect(settingsIn(text)).toEqual(expected);
  });

  it.each([
    [{ "aws:cloudformation:stack-name": "shop" }, "CloudFormation stack shop"],
    [{ "services.k8s.aws/controller-version": "eks-1.4.0" }, "AWS Controllers for Kubernetes"],
    [{ team: "shop", "crossplane-name": "eu-coredns" }, "Crossplane's eu-coredns"],
    [{ team: "shop" }, undefined],
    [undefined, undefined],
  ])("tags %j: kept by %s", (tags, expected) => {
    expect(keeperIn(tags)).toBe(expected);
  });
});
