import { HalfMade, INPUTS, type Props, type ResourceKind } from "../../plugin/kind";
import { type Client, mustEnd, removeAt } from "./client";

/** A resource type of the real provider: every update is a PUT of all inputs (pulumi-azure-native, provider.go). */
export interface ArmKind {
  readonly replacing: readonly string[];
  readonly settable: readonly string[];
  /** The id of a resource with these inputs. */
  readonly idOf: (inputs: Props) => string;
  /** Inputs that its id tells: an import knows nothing else beside what ARM answers (provider.go, Read). */
  readonly namesIn: (id: string) => Props;
  readonly body: (inputs: Props) => object;
  /** What the provider makes of an answer of ARM. */
  readonly outputs: (answer: never) => Props;
}

/** Inputs stand beside what ARM says of the resource, as in the real provider's state. */
const stated = async (
  client: Client,
  kind: ArmKind,
  { id, inputs }: { readonly id: string; readonly inputs: Props },
): Promise<Props> => {
  const found = await client.find<object>(id);
  if (found === undefined) throw new Error(`${id} is gone`);
  return { ...inputs, ...kind.outputs(found as never), [INPUTS]: inputs };
};

const create = async (client: Client, kind: ArmKind, inputs: Props): Promise<{ id: string; outs: Props }> => {
  const id = kind.idOf(inputs);
  if ((await client.find(id)) !== undefined)
    throw new Error(`cannot create already existing resource '${id}'`);
  const { failed } = await client.change("PUT", id, kind.body(inputs));
  const made = { id, outs: await stated(client, kind, { id, inputs }) };
  if (failed === undefined) return made;
  throw new HalfMade(made, `resource partially created but failed: ${failed}`);
};

export const armResource = (client: Client, kind: ArmKind): ResourceKind => ({
  replacing: kind.replacing,
  keepsInputs: true,
  settable: kind.settable,
  create: inputs => create(client, kind, inputs),
  read: async id => {
    const found = await client.find<object>(id);
    return found === undefined ? undefined : { ...kind.namesIn(id), ...kind.outputs(found as never) };
  },
  update: async (id, _olds, news) => {
    mustEnd(await client.change("PUT", id, kind.body(news)));
    return stated(client, kind, { id, inputs: news });
  },
  remove: id => removeAt(client, id),
});
