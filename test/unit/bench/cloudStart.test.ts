import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";

const ROOT = join(__dirname, "../../..");

/** The cloud packages that a program loads which a template describes. */
const loadedBy = async (cloud: string): Promise<readonly string[]> => {
  const child = join(ROOT, "bench/cloudStart.cjs");
  const file = join(ROOT, "templates", cloud, "Pulumi.dev.yaml");
  const { stdout } = await promisify(execFile)(process.execPath, [child, "program", file], { cwd: ROOT });
  return (JSON.parse(stdout.trim().split("\n").at(-1) ?? "") as { readonly loaded: readonly string[] })
    .loaded;
};

describe("a program on one cloud", () => {
  it.each([
    ["eks", ["@pulumi/aws"]],
    ["gke", ["@pulumi/gcp"]],
    ["aks", ["@pulumi/azure-native"]],
    ["lab", []],
  ])("on %s loads no other cloud's SDK, nor that of its gates", async (cloud, expected) => {
    expect(await loadedBy(cloud)).toEqual(expected);
  });
});
