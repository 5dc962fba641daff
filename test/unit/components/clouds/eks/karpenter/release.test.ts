import { PATH } from "../../../../../../components/clouds/eks/live/karpenter/objects";
import { releaseClaims } from "../../../../../../components/clouds/eks/live/karpenter/release";
import type { PoolChange } from "../../../../../../operations/ports";
import { scriptApi } from "../../../../../support/scriptedApi";

const CLAIM = `${PATH.claims}/claim-a`;

const claim = (status: object, metadata: object = {}) => ({
  metadata: { name: "claim-a", ...metadata },
  status,
});
const node = { metadata: { name: "a", labels: {} }, spec: {}, status: {} };

/** A cluster whose claims are said look by look; the last one stays. */
const release = async (looks: readonly object[], nodes: readonly object[]) => {
  const said: string[] = [];
  const left = [...looks];
  const api = scriptApi(({ method, path }) => {
    if (method === "DELETE") return {};
    if (path === PATH.claims) return { items: [left.length > 1 ? left.shift() : left[0]], metadata: {} };
    return { items: nodes, metadata: {} };
  });
  const signal = AbortSignal.timeout(5_000);
  const pool = { pool: "crew", generation: "crew-1-36", log: (line: string) => said.push(line), signal };
  await releaseClaims(api.kube, pool as unknown as PoolChange, ["a"]);
  return { writes: api.writes(), said };
};

describe("a machine of Karpenter that is given back", () => {
  it("is ended by its claim", async () => {
    expect((await release([claim({ nodeName: "a" })], [node])).writes).toEqual([`DELETE ${CLAIM}`]);
  });

  it("whose claim does not name it yet is waited for, not passed over", async () => {
    const { writes, said } = await release([claim({}), claim({ nodeName: "a" })], [node]);
    expect(writes).toEqual([`DELETE ${CLAIM}`]);
    expect(said.join("\n")).toContain("a NodeClaim for a");
  });

  it("is done where it goes already, or is gone", async () => {
    const leaving = claim({ nodeName: "a" }, { deletionTimestamp: "2026-11-22T21:00:00Z" });
    expect((await release([leaving], [node])).writes).toEqual([]);
    expect((await release([claim({ nodeName: "b" })], [])).writes).toEqual([]);
  });
});
