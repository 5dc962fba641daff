import { type Front, openFront as openCloudFront } from "../front";

export type { Front } from "../front";

const PREFIX = "Bearer k8s-aws-v1.";
/** A presigned call is taken for 15 minutes after it was signed. */
const VALID_MS = 15 * 60_000;

/** "20261122T004512Z". */
const readStamp = (text: string): number =>
  Date.parse(text.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6Z"));

/**
 * What EKS's authenticator looks at before it asks STS: a presigned GetCallerIdentity with the cluster's name among the
 * signed headers, signed lately. The signature itself is not checked: there is no account behind.
 */
export const isToken = (authorization = "", now: number): boolean => {
  if (!authorization.startsWith(PREFIX)) return false;
  const text = Buffer.from(authorization.slice(PREFIX.length), "base64url").toString("utf8");
  return URL.canParse(text) && isPresigned(new URL(text), now);
};

const isPresigned = ({ hostname, searchParams }: URL, now: number): boolean => {
  const read = (name: string): string => searchParams.get(name) ?? "";
  return (
    hostname.startsWith("sts.") &&
    read("Action") === "GetCallerIdentity" &&
    read("X-Amz-SignedHeaders").split(";").includes("x-k8s-aws-id") &&
    now - readStamp(read("X-Amz-Date")) < VALID_MS
  );
};

/** Takes EKS's tokens of who may enter and hands on to the lab's API as its administrator, whatever their policies. */
export const openFront = (lab: string, mayEnter: () => boolean): Promise<Front> =>
  openCloudFront({ lab, cloud: "EKS", isToken: (text, now) => isToken(text, now) && mayEnter() });
