/** What a preview plans and an `up` did, as a scenario says it: which generations come and go, and the control plane. */
import type { ResourceEvent } from "./engineEvents";
import type { PlannedChange } from "./scenario";

/** The resource that every generation has, on every cloud. */
const OF_A_GENERATION = "Interlock";
const HASH = /-[0-9a-f]{6}$/;

interface Row {
  readonly op: string;
  readonly type: string;
  readonly name: string;
}

const namesOf = (rows: readonly Row[], op: string): readonly string[] =>
  rows
    .filter(row => row.type === OF_A_GENERATION && row.op === op)
    .map(({ name }) => name.replace(HASH, ""))
    .sort();

const planOf = (rows: readonly Row[], controlPlane: string): PlannedChange => ({
  controlPlane: rows.some(row => row.type === controlPlane && row.op === "update") ? "updated" : "untouched",
  create: [...namesOf(rows, "create")],
  delete: [...namesOf(rows, "delete")],
});

/** `~ LabControlPlane demo update [diff: …]` */
const ROW = /^\S+ (?<type>\S+) (?<name>\S+) (?<op>\w+)/;

/** @param lines as `describePlan` makes them. */
export const plannedIn = (lines: readonly string[], controlPlane: string): PlannedChange =>
  planOf(
    lines.flatMap(line => {
      const { type = "", name = "", op = "" } = ROW.exec(line)?.groups ?? {};
      return type === "" ? [] : [{ type, name, op }];
    }),
    controlPlane,
  );

/** What was done to its end. */
export const doneIn = (events: readonly ResourceEvent[], controlPlane: string): PlannedChange => {
  const own = controlPlane.split(":").at(-1) ?? controlPlane;
  return planOf(
    events.filter(({ kind }) => kind === "done"),
    own,
  );
};

const describe = (plan: PlannedChange): string =>
  [
    `control plane ${plan.controlPlane}`,
    ...plan.create.map(name => `+ ${name}`),
    ...plan.delete.map(name => `- ${name}`),
  ].join(", ");

const sorted = ({ controlPlane, ...names }: PlannedChange): PlannedChange => ({
  controlPlane,
  create: [...names.create].sort(),
  delete: [...names.delete].sort(),
});

/** @throws where both differ: then the scenario promises what does not happen. */
export const mustBeAsSaid = (found: PlannedChange, said: PlannedChange, where: string): void => {
  const [is, should] = [describe(sorted(found)), describe(sorted(said))];
  if (is !== should) throw new Error(`${where} has "${is}" where the scenario says "${should}"`);
};
