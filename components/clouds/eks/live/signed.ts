import { EKSClient } from "@aws-sdk/client-eks";
import { SignatureV4 } from "@smithy/signature-v4";

/** A call of an AWS service for which no SDK is loaded: one path, signed as the SDKs sign. */
export interface SignedCall {
  /** Name of the service in its address and signature: "ec2". */
  readonly service: string;
  readonly region: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly signal?: AbortSignal | undefined;
}

/** Services whose id in AWS's variables is not their name in addresses. */
const VARIABLE: Readonly<Record<string, string>> = {
  servicequotas: "SERVICE_QUOTAS",
  monitoring: "CLOUDWATCH",
};

/** IAM is one for a whole partition: docs.aws.amazon.com/general/latest/gr/iam-service.html */
const iamHost = (region: string): string => {
  if (region.startsWith("cn-")) return "iam.cn-north-1.amazonaws.com.cn";
  return region.startsWith("us-gov-") ? "iam.us-gov.amazonaws.com" : "iam.amazonaws.com";
};

/** The region that a partition's IAM is signed for. */
export const iamRegion = (region: string): string => {
  if (region.startsWith("cn-")) return "cn-north-1";
  return region.startsWith("us-gov-") ? "us-gov-west-1" : "us-east-1";
};

/** The variables are those of AWS's own SDKs. */
const endpointOf = ({ service, region }: SignedCall): URL => {
  const variable = `AWS_ENDPOINT_URL_${VARIABLE[service] ?? service.toUpperCase()}`;
  const own = process.env[variable] ?? process.env["AWS_ENDPOINT_URL"];
  const domain = region.startsWith("cn-") ? "amazonaws.com.cn" : "amazonaws.com";
  const host = service === "iam" ? iamHost(region) : `${service}.${region}.${domain}`;
  return new URL(own ?? `https://${host}`);
};

/** "ParameterNotFound" out of what JSON ("com.amazonaws.ssm#ParameterNotFound") and XML services write. */
const nameIn = (text: string): string =>
  /"__type"\s*:\s*"(?:[^"#]*#)?([^"]+)"/.exec(text)?.[1] ?? /<Code>([^<]+)</.exec(text)?.[1] ?? "Refused";

const messageIn = (text: string): string =>
  /"[mM]essage"\s*:\s*"([^"]*)"/.exec(text)?.[1] ?? /<Message>([^<]*)</.exec(text)?.[1] ?? text;

const failure = (status: number, text: string): Error =>
  Object.assign(new Error(messageIn(text)), { name: nameIn(text), $metadata: { httpStatusCode: status } });

/** @returns the body. Errors bear AWS's name of them and the status, as those of the SDKs do. */
export const sendSigned = async (call: SignedCall): Promise<string> => {
  const { service, region, body } = call;
  const { credentials, sha256 } = new EKSClient({ region }).config;
  const url = endpointOf(call);
  const { headers } = await new SignatureV4({ service, region, credentials, sha256 }).sign({
    method: "POST",
    protocol: url.protocol,
    hostname: url.hostname,
    ...(url.port === "" ? {} : { port: Number(url.port) }),
    path: "/",
    headers: { host: url.host, ...call.headers },
    body,
  });
  const response = await fetch(url, { method: "POST", headers, body, signal: call.signal ?? null });
  const text = await response.text();
  if (response.ok) return text;
  throw failure(response.status, text);
};
