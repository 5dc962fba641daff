import { placeOf } from "../../../../cli/commands/adopt/place";
import { ProblemError } from "../../../../core/problem";

const refusals = (raw: unknown, flags: Parameters<typeof placeOf>[1]): readonly string[] => {
  try {
    placeOf(raw, flags);
  } catch (error) {
    if (error instanceof ProblemError) return error.problems.map(({ code, path }) => `${code} ${path}`);
  }
  return [];
};

describe("which cluster is taken over", () => {
  it("the file's, and what flags add to it", () => {
    const raw = { name: "eu", cloud: "gke", region: "europe-west1", version: "1.35" };
    expect(placeOf(raw, { project: "my-project" })).toEqual({
      ...{ cloud: "gke", name: "eu", region: "europe-west1", project: "my-project" },
    });
  });

  it("the flags', where there is no file yet", () => {
    const flags = { cloud: "eks", cluster: "eu", region: "eu-west-1" };
    expect(placeOf(undefined, flags)).toEqual({ cloud: "eks", name: "eu", region: "eu-west-1" });
  });

  it("on kubeadm a kubeconfig and host keys, by flag or by file; the machines are the cluster's to tell", () => {
    const flags = { cloud: "kubeadm", cluster: "eu", kubeconfig: "/eu.conf", sshUser: "ubuntu" };
    const raw = { kubeadm: { ssh: { knownHosts: "/hosts", user: "ubuntu" } } };
    const found = { cloud: "kubeadm", name: "eu", kubeconfig: "/eu.conf" };
    const ssh = { user: "ubuntu", knownHosts: "/hosts", controlPlanes: {} };
    expect(placeOf(raw, flags)).toEqual({ ...found, ssh });
    expect(placeOf(undefined, { ...flags, knownHosts: "/hosts" })).toEqual({ ...found, ssh });
    expect(refusals(raw, { cloud: "kubeadm", sshUser: "root" })).toEqual([
      "Adopt.OtherPlace cluster.kubeadm.ssh.user",
      "Adopt.PlaceMissing --cluster",
      "Adopt.PlaceMissing --kubeconfig",
    ]);
    expect(refusals(undefined, { cloud: "kubeadm", cluster: "eu", kubeconfig: "/eu.conf" })).toEqual([
      "Adopt.PlaceMissing --known-hosts",
    ]);
  });

  it("says everything that is missing or contradicts itself at once", () => {
    expect(refusals(undefined, { cloud: "gke" })).toEqual([
      "Adopt.PlaceMissing --cluster",
      "Adopt.PlaceMissing --region",
      "Adopt.PlaceMissing --project",
    ]);
    expect(refusals(undefined, { cloud: "aks" })).toEqual([
      "Adopt.PlaceMissing --cluster",
      "Adopt.PlaceMissing --project",
      "Adopt.PlaceMissing --account",
    ]);
    expect(refusals({ name: "eu", cloud: "eks" }, { cluster: "us", cloud: "lab" })).toEqual([
      "Adopt.OtherPlace cluster.cloud",
      "Adopt.OtherPlace cluster.name",
      "Adopt.PlaceMissing --region",
      "Adopt.NotYet --cloud",
    ]);
  });
});
