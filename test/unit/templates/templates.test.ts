import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parse } from "yaml";
import { parseStack } from "../../../core/config";

const ROOT = resolve(__dirname, "../../..");
const TEMPLATES = join(ROOT, "templates");

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

const readText = (...path: readonly string[]): string => readFileSync(join(TEMPLATES, ...path), "utf8");
const manifestAt = (folder: string): Manifest =>
  JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Manifest;

/** What only a stack on that cloud loads. */
const OWN: Readonly<Record<string, readonly string[]>> = {
  lab: [],
  eks: ["@aws-sdk/client-auto-scaling", "@aws-sdk/client-eks", "@pulumi/aws", "@smithy/signature-v4"],
  gke: ["@pulumi/gcp", "google-auth-library"],
  aks: ["@azure/identity", "@pulumi/azure-native"],
  kubeadm: ["@pulumi/command", "ssh2"],
};
const EVERYWHERE = ["@pulumi/policy", "@pulumi/pulumi", "changeover"];

describe("templates for `pulumi new`", () => {
  it("are one for each cloud that has an adapter", () => {
    expect(readdirSync(TEMPLATES).sort()).toEqual(Object.keys(OWN).sort());
  });

  describe.each(Object.keys(OWN))("%s", cloud => {
    it("describes a cluster on it that config accepts", () => {
      const { config } = parse(readText(cloud, "Pulumi.dev.yaml")) as { config: Record<string, unknown> };
      const plain = Object.entries(config).map(
        ([key, value]) => [key.replace(/^changeover:/, ""), value] as const,
      );
      const parsed = parseStack(Object.fromEntries(plain));
      expect(parsed).toMatchObject({ ok: true, value: { cluster: { cloud, name: "dev" } } });
    });

    it("depends on what the package wants beside it on that cloud, in the same ranges, and on nothing else", () => {
      const { dependencies } = manifestAt(join(TEMPLATES, cloud));
      const { peerDependencies = {} } = manifestAt(ROOT);
      expect(Object.keys(dependencies).sort()).toEqual([...EVERYWHERE, ...(OWN[cloud] ?? [])].sort());
      const { changeover: _own, ...others } = dependencies;
      for (const [name, range] of Object.entries(others))
        expect([name, peerDependencies[name]]).toEqual([name, range]);
    });

    it("has the program and the compiler settings that the lab's has", () => {
      for (const name of ["index.ts", "tsconfig.json"])
        expect(readText(cloud, name)).toBe(readText("lab", name));
    });
  });
});
