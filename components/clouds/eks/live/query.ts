import { type Asked, ask } from "./call";
import { sendSigned } from "./signed";
import { readXml, type XmlElement } from "./xml";

/** IAM's prefix of an action → the service that answers it, and the version of its API. */
const SERVICES = {
  ec2: { service: "ec2", version: "2016-11-15" },
  sts: { service: "sts", version: "2011-06-15" },
  iam: { service: "iam", version: "2010-05-08" },
  cloudwatch: { service: "monitoring", version: "2010-08-01" },
} as const;

type Prefix = keyof typeof SERVICES;
type Field = [name: string, value: string];

export interface Query {
  readonly asked: Asked & { readonly action: `${Prefix}:${string}` };
  readonly region: string;
  readonly form: readonly Field[];
  readonly signal?: AbortSignal | undefined;
  /** Errors that the caller judges itself. */
  readonly expected?: readonly string[];
}

const HEADERS = { "content-type": "application/x-www-form-urlencoded" };

/** One call of a service that takes forms and answers XML, and for which no SDK is loaded (docs/adr/0014). */
export const query = async ({ asked, region, form, signal, expected = [] }: Query): Promise<XmlElement> => {
  const end = asked.action.indexOf(":");
  const { service, version } = SERVICES[asked.action.slice(0, end) as Prefix];
  const body = new URLSearchParams([
    ["Action", asked.action.slice(end + 1)],
    ["Version", version],
    ...form,
  ]).toString();
  const call = { service, region, headers: HEADERS, body, signal };
  return readXml(await ask(asked, () => sendSigned(call), ...expected));
};

/** "SubnetId.1", "SubnetId.2", … */
export const numbered = (name: string, values: readonly string[]): readonly Field[] =>
  values.map((value, index) => [`${name}.${index + 1}`, value]);
