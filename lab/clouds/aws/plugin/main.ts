import { createRequire } from "node:module";
import { connect } from "node:net";
import { EKSClient } from "@aws-sdk/client-eks";
import { main, type Provider } from "@pulumi/pulumi/provider";
import { clusterKind } from "./cluster";
import { compare, type Props, type ResourceKind } from "./kind";
import { nodeGroupKind } from "./nodeGroup";

/*
 * A program: stands in for the plugin `pulumi-resource-aws`, for the resource types of an EKS stack. It only turns
 * Pulumi's calls into those of AWS's API, which AWS_ENDPOINT_URL points at the stand-in API: the rules are there.
 */
const { version } = createRequire(__filename)("@pulumi/aws/package.json") as { version: string };

const openKinds = (): Readonly<Record<string, ResourceKind>> => {
  const endpoint = process.env["AWS_ENDPOINT_URL"];
  if (endpoint?.startsWith("http://127.0.0.1:") !== true)
    throw new Error(
      "the stand-in for AWS speaks to a stand-in API on this machine only: set AWS_ENDPOINT_URL",
    );
  const eks = new EKSClient({ region: process.env["AWS_REGION"] ?? "eu-west-1" });
  return {
    "aws:eks/cluster:Cluster": clusterKind(eks),
    "aws:eks/nodeGroup:NodeGroup": nodeGroupKind(eks),
  };
};

const kinds = openKinds();

/** "urn:pulumi:stack::project::parent$type::name" → type. */
const typeOf = (urn: string): string => urn.split("::")[2]?.split("$").at(-1) ?? "";

const kindOf = (urn: string): ResourceKind => {
  const kind = kinds[typeOf(urn)];
  if (kind === undefined) throw new Error(`the stand-in for AWS does not cover ${typeOf(urn)}`);
  return kind;
};

const GONE = { id: "", props: {} };

/* eslint-disable max-params -- the signatures are those of Pulumi's Provider */
const standIn: Provider = {
  version,
  check: (_urn, _olds, news: Props) => Promise.resolve({ inputs: news }),
  diff: (_id, urn, olds: Props, news: Props) => Promise.resolve(compare(kindOf(urn), olds, news)),
  create: (urn, inputs: Props) => kindOf(urn).create(inputs),
  read: async (id, urn, props: Props = {}) => {
    const { read, settable } = kindOf(urn);
    const found = await read(id);
    if (found === undefined) return GONE;
    const seen: Props = { ...props, ...found };
    const inputs = settable.filter(key => seen[key] !== undefined).map(key => [key, seen[key]]);
    return { id, props: seen, inputs: Object.fromEntries(inputs) as Props };
  },
  update: async (id, urn, olds: Props, news: Props) => ({ outs: await kindOf(urn).update(id, olds, news) }),
  delete: (id, urn) => kindOf(urn).remove(id),
};
/* eslint-enable max-params */

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

process.once("SIGINT", () => process.exit(0));
leaveWithEngine(process.argv.at(-1));
void main(standIn, process.argv.slice(2)).then(() =>
  console.log("stand-in for AWS (changeover lab): no account is touched, clusters are labs on this machine"),
);
