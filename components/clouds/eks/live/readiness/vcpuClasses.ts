/** A quota on vCPUs of machines that run. */
export interface VcpuClass {
  readonly name: string;
  /** Code at Service Quotas, where the region's value is. */
  readonly code: string;
}

/**
 * Letters before the number of a machine type → its quota, as far as its code is certain:
 * docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-on-demand-instances.html (On-Demand Instance quotas) and
 * using-spot-limits.html: spot machines have quotas of their own.
 */
const STANDARD: VcpuClass = {
  name: "Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances",
  code: "L-1216C47A",
};
const GRAPHICS: VcpuClass = { name: "Running On-Demand G and VT instances", code: "L-DB2E81BA" };

type Classes = Readonly<Record<string, VcpuClass>>;

const STANDARD_FAMILIES = ["a", "c", "d", "h", "i", "im", "is", "m", "r", "t", "z"];

const standardOf = (kind: VcpuClass): Classes =>
  Object.fromEntries(STANDARD_FAMILIES.map(name => [name, kind]));

const ON_DEMAND: Classes = {
  ...standardOf(STANDARD),
  g: GRAPHICS,
  gr: GRAPHICS,
  vt: GRAPHICS,
  p: { name: "Running On-Demand P instances", code: "L-417A185B" },
  f: { name: "Running On-Demand F instances", code: "L-74FC7D96" },
  x: { name: "Running On-Demand X instances", code: "L-7295265B" },
};

const SPOT_GRAPHICS: VcpuClass = { name: "All G and VT Spot Instance Requests", code: "L-3819A6DF" };

const SPOT: Classes = {
  ...standardOf({
    name: "All Standard (A, C, D, H, I, M, R, T, Z) Spot Instance Requests",
    code: "L-34B43A08",
  }),
  g: SPOT_GRAPHICS,
  gr: SPOT_GRAPHICS,
  vt: SPOT_GRAPHICS,
  p: { name: "All P Spot Instance Requests", code: "L-7212CCBC" },
};

/** undefined = a family whose quota is not known here. */
export const vcpuClassOf = (
  machine: string,
  capacity: "onDemand" | "spot" = "onDemand",
): VcpuClass | undefined => (capacity === "spot" ? SPOT : ON_DEMAND)[/^[a-z]+/.exec(machine)?.[0] ?? ""];
