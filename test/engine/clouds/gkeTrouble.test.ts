import { Fault } from "../../../lab/clouds/fault";
import { groupName } from "../../../lab/clouds/gcp/nodePools";
import { ACCESS_TOKEN } from "../../../lab/clouds/gcp/token";
import { describeCloudTrouble } from "../../support/cloudTrouble";
import { gkeCluster, type GkeStack, gkeWorkers, openGkeStack } from "../../support/gkeStack";
import { until } from "../../support/processes";

const NAME = "gke-trouble";
const PROJECT = "projects/changeover-test";
const IMAGES: Readonly<Record<string, string>> = {
  "1.35": "1.35.8-gke.1000000",
  "1.36": "1.36.4-gke.1000000",
};

const imageOf = (minor: string): string => IMAGES[minor] ?? "";

/** By Google's own API, as others than the stack would. */
const call = async (
  { gcp }: GkeStack,
  { method, path, body }: { readonly method: string; readonly path: string; readonly body?: object },
): Promise<void> => {
  const headers = { authorization: `Bearer ${ACCESS_TOKEN}` };
  const sent = body === undefined ? {} : { body: JSON.stringify(body) };
  const answer = await fetch(`${gcp.endpoint}${path}`, { method, headers, ...sent });
  if (!answer.ok) throw new Error(await answer.text());
};

const upgrades = ({ gcp }: GkeStack) =>
  Object.values(gcp.state.operations).filter(({ operationType }) => operationType === "UPGRADE_MASTER");

jest.setTimeout(900_000);

describeCloudTrouble("a GKE stack in trouble, on a stand-in for Google Cloud", {
  name: NAME,
  open: openGkeStack,
  cluster: minor => gkeCluster(NAME, minor),
  workers: minor => ({ ...gkeWorkers(imageOf(minor)), version: minor }),
  type: "gcp:container:NodePool",
  making: "NodePoolMachines",
  id: /\/clusters\/gke-trouble\/nodePools\/workers-1-36-/,
  failures: ({ gcp }) => gcp.failures,
  moveAhead: async gke => {
    const path = `/v1/${PROJECT}/locations/europe-west1/clusters/${NAME}`;
    await call(gke, { method: "PUT", path, body: { update: { desiredMasterVersion: "1.36" } } });
    const isThrough = (): boolean => upgrades(gke).every(({ status }) => status === "DONE");
    await until(isThrough, { ms: 120_000, describe: () => upgrades(gke) });
  },
  moves: gke => upgrades(gke).length,
  pools: ({ gcp }) =>
    Object.values(gcp.state.pools).map(({ version, autoscaling, management, config, status }) => ({
      minor: version.slice(0, 4),
      settings: structuredClone({ autoscaling, management, config, status }),
    })),
  throttled: {
    fault: new Fault(
      "RESOURCE_EXHAUSTED",
      "Quota exceeded for quota metric 'Read requests per minute'.",
      429,
    ),
    actions: ["GetNodePool", "SetNodePoolAutoscaling", "GetGroup", "GetOperation"],
  },
  // What GKE's autoscaler does: the size of a zone's group, which asks nobody for a turn and knows no bounds.
  autoscale: async (gke, minor, size) => {
    const pool = Object.values(gke.gcp.state.pools).find(({ version }) => version === imageOf(minor));
    const [zone = "", ...others] = pool?.locations ?? [];
    const kept = others.reduce((sum, other) => sum + (pool?.sizes[other] ?? 0), 0);
    if (pool === undefined) throw new Error(`no pool of ${minor}`);
    const path = `/compute/v1/${PROJECT}/zones/${zone}/instanceGroupManagers/${groupName(pool, zone)}`;
    await call(gke, { method: "POST", path: `${path}/resize?size=${String(size - kept)}` });
  },
  late: "comes",
});
