import { randomBytes } from "node:crypto";
import type { Props, ResourceKind } from "../../plugin/kind";
import { tell } from "../../plugin/tell";
import { type Connection, runRemote } from "./remote";

interface CommandProps {
  readonly connection: Connection;
  readonly create?: string;
  readonly update?: string;
  readonly delete?: string;
  readonly stdin?: string;
  readonly stdout?: string;
  readonly stderr?: string;
}

/** How the engine marks a secret on the wire: @pulumi/pulumi, runtime/rpc.ts. */
const SECRET = "4dabf18193072939515e22adb298388d";

const reveal = (value: unknown): unknown =>
  typeof value === "object" && value !== null && SECRET in value
    ? (value as unknown as { readonly value: unknown }).value
    : value;

const read = (props: Props): CommandProps =>
  Object.fromEntries(
    Object.entries(props).map(([key, value]) => [key, reveal(value)]),
  ) as unknown as CommandProps;

/** What the real provider gives back: inputs, and what the command wrote without its last line feed. */
const ranWith = async (props: Props, command: string | undefined, before: Props): Promise<Props> => {
  const { stdout = "", stderr = "" } = read(before);
  const outs = command === undefined ? { stdout, stderr } : await runRemote(read(props), command);
  // `logging`: by default the real provider tells all that is written, on the resource's own row.
  if (command !== undefined) await tell(outs.stdout.split("\n").filter(line => line !== ""));
  return { ...props, ...outs };
};

/**
 * Source: pulumi/pulumi-command, provider/pkg/provider/remote/commandController.go and commandOutputs.go. Only triggers
 * replace (command.ts of the SDK: replaceOnChanges); any other change runs `update`, or `create` where there is none.
 */
export const commandKind: ResourceKind = {
  replacing: ["triggers"],
  settable: ["connection", "create", "update", "delete", "stdin", "triggers", "environment", "logging"],
  create: async inputs => ({
    id: randomBytes(8).toString("hex"),
    outs: await ranWith(inputs, read(inputs).create, {}),
  }),
  read: () => Promise.resolve({}),
  update: (_id, olds, news) => ranWith(news, read(news).update ?? read(news).create, olds),
  remove: async (_id, props) => {
    const { delete: command } = read(props);
    if (command !== undefined) await runRemote(read(props), command);
  },
};
