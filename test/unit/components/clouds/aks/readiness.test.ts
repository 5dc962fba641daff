import { judgeAddresses } from "../../../../../components/clouds/aks/live/readiness/addresses";
import { readIdentityEnds } from "../../../../../components/clouds/aks/live/readiness/identity";
import { judgeMachines } from "../../../../../components/clouds/aks/live/readiness/machines";
import { isAllowed } from "../../../../../components/clouds/aks/live/readiness/permissions";
import { judgeQuota } from "../../../../../components/clouds/aks/live/readiness/quota";
import { judgeVersions } from "../../../../../components/clouds/aks/live/readiness/versions";
import { connectionOf, parseStack } from "../../../../../core/config";
import type { WantedAtCloud } from "../../../../../operations/ports";
import { aksCluster, aksPool } from "../../../../support/aksStack";

const WRITE = "Microsoft.ContainerService/managedClusters/agentPools/write";

const wantedAt = (version: string, live: string): WantedAtCloud => {
  const parsed = parseStack({
    cluster: aksCluster("eu", version),
    backup: { kind: "none" },
    pools: { system: aksPool({ min: 2, max: 4 }) },
  });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  const { cluster, pools } = parsed.value;
  const toCome = pools.map(spec => ({ pool: spec.name, generation: "system-1-36-abcdef", count: 2, spec }));
  return { connection: connectionOf(cluster), cluster, pools, addOns: {}, live, toCome };
};

describe("whether Azure's role assignments allow an action", () => {
  it.each<readonly [string, readonly object[], boolean]>([
    ["all", [{ actions: ["*"], notActions: [] }], true],
    ["a part of the path", [{ actions: ["Microsoft.ContainerService/*/write"] }], true],
    [
      "in other letters",
      [{ actions: ["microsoft.containerservice/MANAGEDCLUSTERS/agentPools/write"] }],
      true,
    ],
    ["all but this", [{ actions: ["*"], notActions: ["*/agentPools/write"] }], false],
    [
      "all but this, and this by another assignment",
      [{ actions: ["*"], notActions: ["*/write"] }, { actions: [WRITE] }],
      true,
    ],
    ["another action", [{ actions: ["Microsoft.ContainerService/managedClusters/write"] }], false],
    ["a dot that is none", [{ actions: ["MicrosoftXContainerService/*"] }], false],
    ["none", [], false],
  ])("%s", (_what, permissions, allowed) => {
    expect(isAllowed(permissions, WRITE)).toBe(allowed);
  });
});

describe("when an identity at Azure ends", () => {
  const exp = Date.parse("2026-11-01T01:00:00Z") / 1_000;
  const jwt = (claims: object): string =>
    ["e30", Buffer.from(JSON.stringify(claims)).toString("base64url"), "x"].join(".");
  const oidc = { ARM_USE_OIDC: "true", ARM_OIDC_TOKEN: jwt({ exp }) };

  it("a token in the environment ends when it says", () => {
    expect(readIdentityEnds(oidc)).toBe("2026-11-01T01:00:00.000Z");
  });

  it.each([
    [
      "a token in a file, which may be written anew",
      { ARM_USE_OIDC: "true", ARM_OIDC_TOKEN_FILE_PATH: "/t" },
    ],
    ["a secret", { ARM_CLIENT_SECRET: "x", ARM_OIDC_TOKEN: jwt({ exp }) }],
    ["a managed identity", { ...oidc, ARM_USE_MSI: "true" }],
  ])("%s has no end", (_what, env) => {
    expect(readIdentityEnds(env)).toBeUndefined();
  });

  it.each([jwt({}), "no token"])("one that does not say is not known, never endless", token => {
    expect(() => readIdentityEnds({ ...oidc, ARM_OIDC_TOKEN: token })).toThrow(/does not say when it ends/);
  });
});

describe("versions at AKS", () => {
  const versions = [{ version: "1.36", patchVersions: { "1.36.4": {}, "1.36.2": {} } }];
  const upgrades = [{ kubernetesVersion: "1.36.4" }];

  it("a pool that stays behind is told once for itself, one of the control plane's version with that", () => {
    const wanted = wantedAt("1.34.1", "1.33.1");
    const codes = judgeVersions(wanted, { versions }).blockers.map(({ path }) => path);
    expect(codes).toEqual(["cluster.version"]);
    const behind = { ...wanted, cluster: { ...wanted.cluster, version: "1.36.4" } };
    expect(judgeVersions(behind, { versions }).blockers.map(({ path }) => path)).toEqual([
      "pools.system.version",
    ]);
  });

  it("a skipped minor and a step down are left to the rules", () => {
    expect(judgeVersions(wantedAt("1.36.2", "1.34.1"), { versions, upgrades }).blockers).toEqual([]);
    expect(judgeVersions(wantedAt("1.36.2", "1.37.1"), { versions, upgrades }).blockers).toEqual([]);
    expect(judgeVersions(wantedAt("1.36.2", "1.35.1"), { versions, upgrades }).blockers).toHaveLength(1);
  });
});

describe("what Azure does not tell is said", () => {
  it("a subnet that is not counted, a quota that is not named", () => {
    const wanted = wantedAt("1.36.4", "1.35.8");
    const id = wanted.cluster.aks?.subnet ?? "";
    const none = judgeAddresses(wanted, [], undefined);
    const uncounted = judgeAddresses(wanted, [{ id, limit: -1, currentValue: -1 }], undefined);
    expect([none, uncounted].map(({ warnings }) => warnings.map(({ code }) => code))).toEqual([
      ["Aks.SubnetNotCounted"],
      ["Aks.SubnetNotCounted"],
    ]);
    const sku = { family: "standardDSv5Family", capabilities: [{ name: "vCPUs", value: "4" }] };
    const coming = {
      pool: "system",
      path: "pools.system.machine",
      machine: "m",
      nodes: 2,
      isSpot: false,
      zones: [],
      sku,
    };
    const cores = { name: { value: "cores" }, limit: 8, currentValue: 0 };
    const { blockers, warnings } = judgeQuota([coming], [cores], "westeurope");
    expect([blockers.length, warnings.map(({ code }) => code)]).toEqual([0, ["Aks.QuotaNotTold"]]);
  });

  it("a zone that is closed to the subscription alone is none of the machine's", () => {
    const sku = {
      locationInfo: [{ zones: ["1", "2", "3"] }],
      restrictions: [{ type: "Zone", restrictionInfo: { zones: ["2"] } }],
    };
    const coming = {
      pool: "system",
      path: "p",
      machine: "m",
      nodes: 2,
      isSpot: false,
      zones: ["1", "2"],
      sku,
    };
    expect(judgeMachines([coming], "westeurope").blockers.map(({ fix }) => fix)).toEqual([
      expect.stringContaining("zones that have it: 1, 3"),
    ]);
  });
});
