import { listNodes, openKube } from "../../../kube";
import { labKubeconfig, labStatus } from "../../../lab";
import { aksCluster, aksPool, openAksStack } from "../../support/aksStack";
import { gkeCluster, gkeWorkers, openGkeStack } from "../../support/gkeStack";
import type { Config, Run, TestStack } from "../../support/stack";
import { eventually } from "../../support/temporaryLabs";

const REST = { backup: { kind: "none" }, soak: { duration: "1s" }, health: { timeout: "2m" } };

/** A cloud of one cluster whose account a test may change. */
interface Open {
  readonly stack: TestStack;
  /** Too few processors are left for another generation, and a right is taken away; then both are given back. */
  readonly starve: () => void;
  readonly mend: () => void;
  readonly close: () => Promise<void>;
}

interface Words {
  readonly cloud: string;
  readonly name: string;
  readonly at: (minor: "1.35" | "1.36") => Config;
  readonly open: (name: string, config: Config) => Promise<Open>;
  readonly codes: readonly string[];
}

const IMAGES = { "1.35": "1.35.8-gke.1000000", "1.36": "1.36.4-gke.1000000" };
const PATCHES = { "1.35": "1.35.8", "1.36": "1.36.4" };
const AGENT_POOLS = "Microsoft.ContainerService/managedClusters/agentPools/write";

const CLOUDS: readonly Words[] = [
  {
    ...{ cloud: "Google Cloud", name: "gke-ready", codes: ["Gke.Quota", "Gke.PermissionsMissing"] },
    at: minor => ({
      cluster: gkeCluster("gke-ready", minor),
      pools: { workers: gkeWorkers(IMAGES[minor]) },
    }),
    open: async (name, config) => {
      const { gcp, ...rest } = await openGkeStack(name, config);
      return {
        ...rest,
        starve: () => {
          gcp.account.limits["N2_CPUS"] = 6;
          gcp.account.denied.add("container.clusters.update");
        },
        mend: () => {
          gcp.account.limits["N2_CPUS"] = 8;
          gcp.account.denied.clear();
        },
      };
    },
  },
  {
    ...{ cloud: "Azure", name: "aks-ready", codes: ["Aks.Quota", "Aks.PermissionsMissing"] },
    at: minor => ({
      cluster: aksCluster("aks-ready", PATCHES[minor]),
      pools: { system: aksPool({ min: 1, max: 2 }) },
    }),
    open: async (name, config) => {
      const { azure, ...rest } = await openAksStack(name, config);
      return {
        ...rest,
        starve: () => {
          azure.account.limits["cores"] = 7;
          azure.account.grants = [{ actions: ["*"], notActions: [AGENT_POOLS] }];
        },
        mend: () => {
          azure.account.limits["cores"] = 8;
          azure.account.grants = [{ actions: ["*"], notActions: [] }];
        },
      };
    },
  },
];

jest.setTimeout(900_000);

describe.each(CLOUDS)("what $cloud would refuse half-way", words => {
  let cloud: Open;

  beforeAll(async () => {
    cloud = await words.open(words.name, { ...words.at("1.35"), ...REST });
    const first = await cloud.stack.up();
    if (first.code !== 0) throw new Error(first.text);
  });

  afterAll(async () => {
    await cloud.close();
  });

  const nodes = async (): Promise<readonly string[]> => {
    const kube = await openKube({ kubeconfig: labKubeconfig(words.name) ?? "" });
    const found = await listNodes(kube);
    await kube.close();
    return found.map(({ name, kubeletVersion }) => `${name} ${kubeletVersion}`).sort();
  };

  /** A busy machine may not answer within the preview's deadline, and the preview then says so. */
  const previewIfAnswered = async (): Promise<Run | undefined> => {
    const run = await cloud.stack.preview();
    return /no answer in time|CloudNotAsked|cluster not checked/.test(run.text) ? undefined : run;
  };

  it("quota and permission that are missing are refused together in one preview, and nothing is changed", async () => {
    const before = await nodes();
    cloud.starve();
    cloud.stack.set(words.at("1.36"));
    const preview = await eventually("an answer of the cloud", previewIfAnswered, 180_000);
    for (const code of words.codes) expect(preview.text).toContain(code);
    expect(preview.code).not.toBe(0);
    expect(await nodes()).toEqual(before);
    expect(labStatus(words.name).version).toBe("1.35.8");
  });

  it("once both are mended the same `up` goes on to its end", async () => {
    cloud.mend();
    const up = await cloud.stack.up();
    expect(up.text).not.toMatch(/error:/);
    expect(up.code).toBe(0);
    expect(labStatus(words.name).version).toBe("1.36.4");
    expect((await nodes()).every(line => line.includes("v1.36.4"))).toBe(true);
  });
});
