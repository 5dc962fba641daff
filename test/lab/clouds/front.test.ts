import { request } from "node:https";
import { ensureLab } from "../../../lab";
import { type Front, isToken, openFront } from "../../../lab/clouds/aws/front";
import { NEW, run, useTemporaryLabs } from "../../support/temporaryLabs";

const stamp = (ms: number): string => new Date(ms).toISOString().replaceAll(/[-:]|\.\d{3}/g, "");

const tokenOf = (edits: Readonly<Record<string, string>> = {}): string => {
  const query = new URLSearchParams({
    Action: "GetCallerIdentity",
    "X-Amz-Date": stamp(Date.now()),
    "X-Amz-SignedHeaders": "host;x-k8s-aws-id",
    ...edits,
  });
  const url = `https://sts.eu-west-1.amazonaws.com/?${query.toString()}`;
  return `Bearer k8s-aws-v1.${Buffer.from(url).toString("base64url")}`;
};

useTemporaryLabs();

describe("the address of a stand-in cluster", () => {
  let front: Front;
  let known = true;

  beforeAll(async () => {
    await ensureLab({ name: "front", version: NEW }, run());
    front = await openFront("front", () => known);
  });

  afterAll(() => front.close());

  const statusOf = (path: string, authorization: string): Promise<number | undefined> =>
    new Promise((resolve, reject) => {
      const ca = Buffer.from(front.authority, "base64");
      const call = request(`${front.endpoint}${path}`, { ca, headers: { authorization } }, answer => {
        resolve(answer.statusCode);
        answer.destroy();
      });
      call.on("error", reject);
      call.end();
    });

  it("answers a watch of something quiet at once", async () => {
    const quiet = "/api/v1/namespaces/default/secrets?watch=true&timeoutSeconds=60";
    const late = new Promise(resolve => setTimeout(() => resolve("late"), 10_000).unref());
    expect(await Promise.race([statusOf(quiet, tokenOf()), late])).toBe(200);
  });

  it("refuses what is no token, and one that is too old", async () => {
    expect(await statusOf("/version", "Bearer something")).toBe(401);
    expect(await statusOf("/version", tokenOf({ "X-Amz-Date": stamp(Date.now() - 16 * 60_000) }))).toBe(401);
    expect(await statusOf("/version", tokenOf())).toBe(200);
  });

  it("refuses the token of somebody whom the cluster does not know", async () => {
    known = false;
    expect(await statusOf("/version", tokenOf())).toBe(401);
    known = true;
    expect(await statusOf("/version", tokenOf())).toBe(200);
  });

  it("wants the cluster's name among the signed headers", () => {
    expect(isToken(tokenOf({ "X-Amz-SignedHeaders": "host" }), Date.now())).toBe(false);
    expect(isToken(tokenOf(), Date.now())).toBe(true);
  });
});
