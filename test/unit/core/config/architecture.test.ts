import { architectureOf } from "../../../../core/config/architecture";

describe("the architecture of a machine", () => {
  it.each([
    ["eks", "m7g.large", "arm64"],
    ["eks", "im4gn.xlarge", "arm64"],
    ["eks", "g5.xlarge", "amd64"],
    ["gke", "t2a-standard-4", "arm64"],
    ["gke", "c4a-highmem-8", "arm64"],
    ["gke", "c4-standard-8", "amd64"],
    ["aks", "Standard_D4ps_v5", "arm64"],
    ["aks", "Standard_E8pds_v6", "arm64"],
    ["aks", "Standard_D4s_v5", "amd64"],
    ["lab", "lab.large", undefined],
    ["kubeadm", undefined, undefined],
  ] as const)("on %s %s is %s", (cloud, machine, expected) => {
    expect(architectureOf(cloud, machine)).toBe(expected);
  });
});
