import type { Problem } from "../problem";
import type { ClusterSpec } from "./cluster";
import type { PoolSpec } from "./pools";

interface Claim {
  readonly path: string;
  readonly name: string;
  readonly address: string;
}

interface Claimed {
  readonly cluster: ClusterSpec;
  readonly pools: readonly PoolSpec[];
}

const claimsOf = (path: string, hosts: Readonly<Record<string, string>> = {}): readonly Claim[] =>
  Object.entries(hosts).map(([name, address]) => ({ path: `${path}.${name}`, name, address }));

/** In this order, so that the later claim is the one that is refused. */
const allClaims = ({ cluster, pools }: Claimed): readonly Claim[] => [
  ...claimsOf("cluster.kubeadm.controlPlanes", cluster.kubeadm?.controlPlanes),
  ...pools.flatMap(({ name, retiring }) =>
    retiring.flatMap(({ spec }, index) => claimsOf(`pools.${name}.retiring.${index}.spec.hosts`, spec.hosts)),
  ),
  ...pools.flatMap(({ name, hosts }) => claimsOf(`pools.${name}.hosts`, hosts)),
];

/** One machine is one node of one generation: it is never listed twice, nor entered while it is being left. */
export const checkHosts = (stack: Claimed): readonly Problem[] => {
  const claims = allClaims(stack);
  return claims.flatMap((claim, index) => {
    const before = claims
      .slice(0, index)
      .find(({ name, address }) => name === claim.name || address === claim.address);
    return before === undefined ? [] : [twice(claim, before)];
  });
};

const twice = ({ path, name, address }: Claim, before: Claim): Problem => ({
  code: "Kubeadm.HostTwice",
  path,
  message: `found ${name} at ${address}, which ${before.path} (${before.name} at ${before.address}) claims already`,
  fix: "list another machine: a new generation needs machines of its own while the old one still stands",
});
