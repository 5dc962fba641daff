import { parseArgs } from "node:util";
import { EKSClient } from "@aws-sdk/client-eks";
import { SignatureV4 } from "@smithy/signature-v4";
import { printCredential } from "../../shared/live/execCredential";

/*
 * A program: what kubeconfigs of this adapter run for a credential. EKS takes a presigned call of
 * sts:GetCallerIdentity as bearer token (kubernetes-sigs/aws-iam-authenticator, README: "API Authorization from
 * Outside a Cluster").
 */
const PREFIX = "k8s-aws-v1.";
const PRESIGNED_SECONDS = 60;
/** The server takes a token for 15 minutes; a new one is made a minute before. */
const VALID_MS = 14 * 60_000;

const stsHost = (region: string): string =>
  `sts.${region}.amazonaws.com${region.startsWith("cn-") ? ".cn" : ""}`;

const signToken = async (region: string, cluster: string): Promise<string> => {
  const { credentials, sha256 } = new EKSClient({ region }).config;
  const hostname = stsHost(region);
  const signer = new SignatureV4({ service: "sts", region, credentials, sha256 });
  const { query = {} } = await signer.presign(
    {
      method: "GET",
      protocol: "https:",
      hostname,
      path: "/",
      query: { Action: "GetCallerIdentity", Version: "2011-06-15" },
      headers: { host: hostname, "x-k8s-aws-id": cluster },
    },
    { expiresIn: PRESIGNED_SECONDS, unhoistableHeaders: new Set(["x-k8s-aws-id"]) },
  );
  const url = `https://${hostname}/?${new URLSearchParams(query as Record<string, string>).toString()}`;
  return PREFIX + Buffer.from(url).toString("base64url");
};

const { values } = parseArgs({ options: { region: { type: "string" }, cluster: { type: "string" } } });
const { region = "", cluster = "" } = values;

void printCredential(async () => {
  const endsAt = Date.now() + VALID_MS;
  return { token: await signToken(region, cluster), endsAt };
});
