import { openKube } from "../../kube";
import { labKubeconfig, labStatus } from "../lab";
import { ensureLabPool } from "../nodes";
import { openShop, type ShopOptions } from "./shop/openShop";

const NODES = 6;
type Side = "blue" | "green";

const openSide = (lab: string, side: Side, version: string): Promise<unknown> =>
  ensureLabPool(lab, {
    pool: side,
    generation: side,
    version,
    size: { min: NODES, max: NODES },
    machine: "lab.large",
    zones: ["a", "b", "c"],
    labels: { pool: side },
    taints: [],
  });

/** Something to drain: the demo's shop on the nodes `pool=blue`, and as many empty ones, `pool=green`. Done twice is done once. */
export const openPlayground = async (lab: string, options: ShopOptions): Promise<void> => {
  const version = labStatus(lab).version;
  const kubeconfig = labKubeconfig(lab);
  if (version === undefined || kubeconfig === undefined) throw new Error(`the lab ${lab} is not up`);
  const kube = await openKube({ kubeconfig });
  try {
    await openSide(lab, "blue", version);
    options.progress(`${await openShop(kube, options)} pods ready on ${NODES} nodes, pool=blue`);
    await openSide(lab, "green", version);
    options.progress(`${NODES} empty nodes, pool=green`);
  } finally {
    await kube.close();
  }
};
