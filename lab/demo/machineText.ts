/** Machines in a stack's text: it has addresses as in the field, the stand-ins of a run answer on loopback. */
import { type Document, isMap, isScalar, parseDocument, type Scalar, visit } from "yaml";
import type { Scenario } from "./scenario";
import { editText } from "./stackText";

/** Names of nodes. */
export interface MachinesNamed {
  readonly controlPlanes: readonly string[];
  readonly workers: readonly string[];
}

interface Entry {
  readonly role: keyof MachinesNamed;
  readonly node: string;
  readonly address: Scalar;
}

const ROLES: Readonly<Record<string, keyof MachinesNamed>> = {
  controlPlanes: "controlPlanes",
  hosts: "workers",
};

/** Wherever config lists machines: node name → ssh address. */
const entriesIn = (document: Document): readonly Entry[] => {
  const entries: Entry[] = [];
  visit(document, {
    Pair(_, { key, value }) {
      const role = isScalar(key) ? ROLES[String(key.value)] : undefined;
      if (role === undefined || !isMap(value)) return;
      for (const { key: node, value: address } of value.items)
        if (isScalar(address)) entries.push({ role, node: String(node), address });
    },
  });
  return entries;
};

/** All machines that the stack has, or is going to have by an edit. */
export const machinesNamed = ({ stackText, acts }: Scenario): MachinesNamed => {
  const changes = acts.flatMap(act => act.changes);
  const texts = [stackText, ...changes.map(({ edits }) => editText(stackText, edits))];
  const entries = texts.flatMap(text => entriesIn(parseDocument(text)));
  const named = (role: keyof MachinesNamed): readonly string[] =>
    [...new Set(entries.filter(entry => entry.role === role).map(({ node }) => node))].sort();
  return { controlPlanes: named("controlPlanes"), workers: named("workers") };
};

/** The text with each machine's address of this run; one that is not among these keeps its own. */
export const withAddresses = (text: string, addresses: Readonly<Record<string, string>>): string => {
  const document = parseDocument(text);
  for (const { node, address } of entriesIn(document)) address.value = addresses[node] ?? address.value;
  return document.toString({ lineWidth: 0 });
};
