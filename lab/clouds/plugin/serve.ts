import { connect } from "node:net";
import { ConfigureRequest, ReadRequest } from "@pulumi/pulumi/proto/provider_pb";
import { main, type Provider } from "@pulumi/pulumi/provider";
import { compare, INPUTS, type Props, type ResourceKind, takeOver, withoutGaps } from "./kind";
import { isPreview, takePreviews } from "./preview";

export interface StandInPlugin {
  /** Whose plugin it stands in for: "AWS". */
  readonly cloud: string;
  /** Version of the cloud's SDK package: the engine compares. */
  readonly version: string;
  readonly kinds: Readonly<Record<string, ResourceKind>>;
  /** Functions of the real provider, by token. */
  readonly functions?: Readonly<Record<string, (args: Props) => Promise<Props>>>;
  /**
   * The real plugin is bridged from Terraform: in a preview of an update what it computed before stays known, because
   * a plan takes a computed attribute from the state (terraform-plugin-sdk, helper/schema/schema.go, `diffString`).
   * azure-native calls every output unknown there (provider.go, `Update`), as the engine does for who offers no preview.
   */
  readonly bridged?: true;
}

/** "urn:pulumi:stack::project::parent$type::name" → type. */
const typeOf = (urn: string): string => urn.split("::")[2]?.split("$").at(-1) ?? "";

const kindOf = ({ cloud, kinds }: StandInPlugin, urn: string): ResourceKind => {
  const kind = kinds[typeOf(urn)];
  if (kind === undefined) throw new Error(`the stand-in for ${cloud} does not cover ${typeOf(urn)}`);
  return kind;
};

const functionOf = (
  { cloud, functions = {} }: StandInPlugin,
  token: string,
): ((args: Props) => Promise<Props>) => {
  const found = functions[token];
  if (found === undefined) throw new Error(`the stand-in for ${cloud} does not cover ${token}`);
  return found;
};

const GONE = { id: "", props: {} };

/* eslint-disable max-params -- the signatures are those of Pulumi's Provider */
const providerOf = (plugin: StandInPlugin): Provider => ({
  version: plugin.version,
  check: async (urn, _olds, news: Props) => ({
    inputs: (await kindOf(plugin, urn).check?.(news)) ?? news,
  }),
  diff: (_id, urn, olds: Props, news: Props) => Promise.resolve(compare(kindOf(plugin, urn), olds, news)),
  create: async (urn, inputs: Props) => {
    if (isPreview(inputs)) return { id: "", outs: inputs };
    const { id, outs } = await kindOf(plugin, urn).create(inputs);
    return { id, outs: withoutGaps(outs) };
  },
  read: async (id, urn, props: Props = {}) => {
    const kind = kindOf(plugin, urn);
    const found = await kind.read(id);
    if (found === undefined) return GONE;
    const seen = withoutGaps({ ...props, ...found });
    const inputs = takeOver(kind, props, seen);
    const kept = kind.keepsInputs === true ? { [INPUTS]: inputs } : {};
    return { id, props: { ...seen, ...kept }, inputs };
  },
  update: async (id, urn, olds: Props, news: Props) => ({
    outs: withoutGaps(
      isPreview(news) ? { ...olds, ...news } : await kindOf(plugin, urn).update(id, olds, news),
    ),
  }),
  delete: (id, urn, props: Props) => kindOf(plugin, urn).remove(id, props),
  invoke: async (token, args: Props) => ({ outputs: await functionOf(plugin, token)(args) }),
});
/* eslint-enable max-params */

type Properties = ReturnType<ReadRequest["getProperties"]>;

/** An import reads with no properties at all, which the SDK's server does not expect (provider/server.js, `read`). */
const takeImports = (): void => {
  // eslint-disable-next-line @typescript-eslint/unbound-method -- called with its own `this` below
  const { getProperties } = ReadRequest.prototype;
  const none = { toJavaScript: () => ({}) } as unknown as Properties;
  ReadRequest.prototype.getProperties = function (this: ReadRequest): Properties {
    return getProperties.call(this) ?? none;
  };
};

/** What the program says to the provider itself, which the SDK's server does not hand on (provider/server.js, `configure`). */
export const hearConfig = (heard: (config: Props) => void): void => {
  const deserialize = ConfigureRequest.deserializeBinary.bind(ConfigureRequest);
  ConfigureRequest.deserializeBinary = bytes => {
    const request = deserialize(bytes);
    heard(request.getArgs()?.toJavaScript() ?? {});
    return request;
  };
};

const ENGINE_CHECK_MS = 1_000;

/** A killed engine tells nobody: its address does. */
const leaveWithEngine = (address = ""): void => {
  const [host, port] = address.split(":");
  if (host === undefined || port === undefined) return;
  setInterval(() => {
    const socket = connect({ host, port: Number(port) });
    socket.once("connect", () => socket.destroy());
    socket.once("error", error => {
      if ((error as NodeJS.ErrnoException).code === "ECONNREFUSED") process.exit(1);
    });
  }, ENGINE_CHECK_MS).unref();
};

/** Serves until the engine is gone; says in its first output what it is. */
export const servePlugin = (plugin: StandInPlugin): void => {
  process.once("SIGINT", () => process.exit(0));
  leaveWithEngine(process.argv.at(-1));
  takeImports();
  if (plugin.bridged === true) takePreviews();
  void main(providerOf(plugin), process.argv.slice(2)).then(() =>
    console.log(
      `stand-in for ${plugin.cloud} (changeover lab): no account is touched, clusters are labs on this machine`,
    ),
  );
};
