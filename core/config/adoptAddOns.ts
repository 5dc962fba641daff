import type { Edit } from "./edit";
import type { ExistingAddOn } from "./existing";
import { asRaw, type Raw } from "./raw";

interface AddOnPlan {
  readonly edits: readonly Edit[];
  /** Names of those that become this stack's. */
  readonly taken: readonly string[];
  /** "coredns: Helm release dns keeps it". */
  readonly left: readonly string[];
}

/** Why it stays whose it is; `undefined` = it may be taken over. */
const reasonToLeave = ({ keeper }: ExistingAddOn, written: Raw): string | undefined => {
  const { owner = "program" } = written;
  if (owner !== "program") return `config has it as owner ${JSON.stringify(owner)}`;
  return keeper === undefined ? undefined : `${keeper} keeps it`;
};

const WHY = "EKS has it already: it becomes this stack's, as it is";

const takeOver = ({ name, entry }: ExistingAddOn, written: Raw): readonly Edit[] => {
  const adopt = { version: entry.version };
  if (written["owner"] === undefined)
    return [{ path: ["addOns", name], value: { owner: "program", ...entry, adopt }, why: WHY }];
  const own = Object.entries(entry).filter(([key]) => written[key] === undefined);
  return [...own, ["adopt", adopt] as const].map(([key, value]) => ({
    path: ["addOns", name, key],
    value,
    why: WHY,
  }));
};

/** What EKS has no more can't be imported; without the entry the stack makes it anew. */
const staleEdits = (raw: Raw, existing: readonly ExistingAddOn[]): readonly Edit[] =>
  Object.entries(raw)
    .filter(
      ([name, entry]) => asRaw(entry)["adopt"] !== undefined && !existing.some(one => one.name === name),
    )
    .map(([name]) => ({
      path: ["addOns", name, "adopt"],
      why: `EKS has no ${name} in this cluster any more`,
    }));

const NOTHING: AddOnPlan = { edits: [], taken: [], left: [] };

/** Each add-on that the cloud has and nobody else is known to keep becomes the stack's own; nothing where none was asked for. */
export const planAddOns = (raw: Raw, existing: readonly ExistingAddOn[] | undefined): AddOnPlan => {
  if (existing === undefined) return NOTHING;
  const block = asRaw(raw["addOns"]);
  const strange = existing
    .filter(({ name, made }) => !made && asRaw(block[name])["adopt"] === undefined)
    .map(addOn => ({ addOn, reason: reasonToLeave(addOn, asRaw(block[addOn.name])) }));
  const taken = strange.filter(({ reason }) => reason === undefined).map(({ addOn }) => addOn);
  return {
    taken: taken.map(({ name }) => name),
    left: strange.flatMap(({ addOn, reason }) => (reason === undefined ? [] : [`${addOn.name}: ${reason}`])),
    edits: [
      ...taken.flatMap(addOn => takeOver(addOn, asRaw(block[addOn.name]))),
      ...staleEdits(block, existing),
    ],
  };
};
