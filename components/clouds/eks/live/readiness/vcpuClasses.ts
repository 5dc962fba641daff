/** A quota on vCPUs of running on-demand machines. */
export interface VcpuClass {
  readonly name: string;
  /** Code at Service Quotas, where the region's value is. */
  readonly code: string;
}

/**
 * Letters before the number of a machine type → its quota, as far as its code is certain:
 * docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-on-demand-instances.html (On-Demand Instance quotas).
 */
const STANDARD: VcpuClass = {
  name: "Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances",
  code: "L-1216C47A",
};
const GRAPHICS: VcpuClass = { name: "Running On-Demand G and VT instances", code: "L-DB2E81BA" };

const CLASSES: Readonly<Record<string, VcpuClass>> = {
  ...Object.fromEntries(
    ["a", "c", "d", "h", "i", "im", "is", "m", "r", "t", "z"].map(name => [name, STANDARD]),
  ),
  g: GRAPHICS,
  gr: GRAPHICS,
  vt: GRAPHICS,
  p: { name: "Running On-Demand P instances", code: "L-417A185B" },
  f: { name: "Running On-Demand F instances", code: "L-74FC7D96" },
  x: { name: "Running On-Demand X instances", code: "L-7295265B" },
};

/** undefined = a family whose quota is not known here. */
export const vcpuClassOf = (machine: string): VcpuClass | undefined =>
  CLASSES[/^[a-z]+/.exec(machine)?.[0] ?? ""];
