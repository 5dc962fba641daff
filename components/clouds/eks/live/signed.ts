import { EKSClient } from "@aws-sdk/client-eks";
import { SignatureV4 } from "@smithy/signature-v4";

/** A call of an AWS service for which no SDK is loaded: one path, signed as the SDKs sign. */
export interface SignedCall {
  /** Name of the service in its address and signature: "ec2". */
  readonly service: string;
  readonly region: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The variables are those of AWS's own SDKs. */
const endpointOf = ({ service, region }: SignedCall): URL => {
  const own = process.env[`AWS_ENDPOINT_URL_${service.toUpperCase()}`] ?? process.env["AWS_ENDPOINT_URL"];
  const domain = region.startsWith("cn-") ? "amazonaws.com.cn" : "amazonaws.com";
  return new URL(own ?? `https://${service}.${region}.${domain}`);
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
  const response = await fetch(url, { method: "POST", headers, body });
  const text = await response.text();
  if (response.ok) return text;
  throw failure(response.status, text);
};
