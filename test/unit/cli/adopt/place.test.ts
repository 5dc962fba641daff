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
    expect(refusals({ name: "eu", cloud: "eks" }, { cluster: "us", cloud: "kubeadm" })).toEqual([
      "Adopt.OtherPlace cluster.cloud",
      "Adopt.OtherPlace cluster.name",
      "Adopt.PlaceMissing --region",
      "Adopt.NotYet --cloud",
    ]);
  });
});
