import type { PoolSpec } from "../../../../../core/config";
import type { Problem } from "../../../../../core/problem";
import type { MachinesToCome } from "../../../../../core/upgrade/toCome";
import { poolSubnets } from "../../facts";
import type { Subnet } from "../zones";
import { type Findings, allOf, NOTHING } from "../../../shared/live/sideBySide";
import { blocked } from "./findings";
import { readOfferings } from "./machineTypes";
import type { Question } from "./question";

const TYPES_URL = "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-discovery.html";

/** Whether the region has the machines to come, in the zones where they shall be. */
export const checkPlaces = async (question: Question): Promise<Findings> => {
  const { wanted, region } = question;
  const names = [...new Set(wanted.toCome.flatMap(({ spec }) => spec.machine ?? []))].sort();
  if (names.length === 0) return NOTHING;
  const [{ found: subnets }, offered] = await Promise.all([
    question.subnets(),
    readOfferings(question, names),
  ]);
  const known = wanted.cluster.eks?.subnets ?? {};
  return allOf(
    wanted.toCome.map(one => {
      const own = poolSubnets(known, one.spec.zones);
      const zones = subnets.filter(({ id }) => own.includes(id)).map(({ zone }) => zone);
      return judgePlace(one, zones, { region, offered });
    }),
  );
};

export interface Offered {
  readonly region: string;
  /** Machine type → zones that have it. */
  readonly offered: ReadonlyMap<string, readonly string[]>;
}

export const judgePlace = (
  { pool, spec }: Pick<MachinesToCome<PoolSpec>, "pool"> & { readonly spec: Pick<PoolSpec, "machine"> },
  zones: readonly Subnet["zone"][],
  { region, offered }: Offered,
): Findings => {
  const { machine } = spec;
  if (machine === undefined) return NOTHING;
  const there = offered.get(machine) ?? [];
  if (there.length === 0) return blocked(unknown(pool, machine, region));
  const missing = [...new Set(zones)].filter(zone => !there.includes(zone)).sort();
  return missing.length === 0 ? NOTHING : blocked(elsewhere({ pool, machine, missing, there }));
};

const unknown = (pool: string, machine: string, region: string): Problem => ({
  code: "Eks.MachineUnknown",
  path: `pools.${pool}.machine`,
  message: `found "${machine}"; EC2 offers no such machine in ${region}`,
  fix: `choose one of the list: \`aws ec2 describe-instance-type-offerings --region ${region}\``,
  source: TYPES_URL,
});

const elsewhere = (found: {
  readonly pool: string;
  readonly machine: string;
  readonly missing: readonly string[];
  readonly there: readonly string[];
}): Problem => ({
  code: "Eks.MachineNotInZone",
  path: `pools.${found.pool}.machine`,
  message: `found "${found.machine}", which EC2 does not offer in ${found.missing.join(", ")}; it is in ${found.there.join(", ")}`,
  fix: `choose another machine, or zones that have it in pools.${found.pool}.zones`,
  source: TYPES_URL,
});
