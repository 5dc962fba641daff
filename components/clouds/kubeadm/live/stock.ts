import { refuse } from "../../../../core/result";
import type { CloudStock } from "../../../../operations/ports";
import { readExisting } from "./existing";

/** Machines of the user's own: nothing makes nodes of a pool, and what apt offers is known on the machines alone. */
export const kubeadmStock: CloudStock = {
  readExisting,
  markPool: () => Promise.resolve(),
  newestImage: ({ pool, version }) =>
    Promise.resolve(
      refuse([
        {
          code: "Pin.KubeadmAsksApt",
          path: `pools.${pool}.image`,
          message: `which package is the newest of ${version} is known to apt on the machines alone`,
          fix: "write it by hand: `apt-cache madison kubelet` on one of them lists what there is",
        },
      ]),
    ),
};
