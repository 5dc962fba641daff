import fc from "fast-check";
import { type CapacityNode, proveCapacity } from "../../../../core/drain/capacity";
import type { PlacedPod } from "../../../../core/drain/placement";

const ZONE = "topology.kubernetes.io/zone";

/** A pod in few words: its app, its size, what it keeps away from and whether it spreads over zones. */
interface Small {
  readonly app: string;
  readonly cpu: number;
  readonly shuns?: string | undefined;
  readonly seeks?: string | undefined;
  readonly spreads: boolean;
}

interface SmallNode {
  readonly zone: string;
  readonly cpu: number;
  readonly occupant?: Small | undefined;
}

interface Question {
  readonly pods: readonly Small[];
  readonly nodes: readonly SmallNode[];
  /** Zones of nodes that are being emptied. */
  readonly leaving: readonly string[];
}

const app = fc.constantFrom("a", "b");
const small: fc.Arbitrary<Small> = fc.record({
  app,
  cpu: fc.integer({ min: 1, max: 3 }),
  shuns: fc.option(app, { nil: undefined }),
  seeks: fc.option(app, { nil: undefined, freq: 1 }),
  spreads: fc.boolean(),
});
const zone = fc.constantFrom("z1", "z2");
const smallNode: fc.Arbitrary<SmallNode> = fc.record({
  zone,
  cpu: fc.integer({ min: 1, max: 6 }),
  occupant: fc.option(small, { nil: undefined }),
});
const question: fc.Arbitrary<Question> = fc.record({
  pods: fc.array(small, { minLength: 1, maxLength: 4 }),
  nodes: fc.array(smallNode, { minLength: 1, maxLength: 3 }),
  leaving: fc.array(fc.constantFrom("z1", "z3"), { maxLength: 1 }),
});

const required = (of: string | undefined): object =>
  of === undefined
    ? {}
    : {
        requiredDuringSchedulingIgnoredDuringExecution: [
          { topologyKey: ZONE, labelSelector: { matchLabels: { app: of } } },
        ],
      };

const placed = (pod: Small, name: string): PlacedPod => ({
  namespace: "shop",
  name,
  labels: { app: pod.app },
  requests: { cpu: pod.cpu },
  tolerations: [],
  nodeSelector: {},
  affinity: { podAntiAffinity: required(pod.shuns), podAffinity: required(pod.seeks) },
  topologySpread: pod.spreads
    ? [
        {
          topologyKey: ZONE,
          maxSkew: 1,
          whenUnsatisfiable: "DoNotSchedule",
          labelSelector: { matchLabels: { app: pod.app } },
        },
      ]
    : [],
  hostPorts: [],
  claims: [],
  schedulerName: "default-scheduler",
  devices: false,
});

const capacityNode = (node: SmallNode, name: string): CapacityNode => ({
  name,
  labels: { [ZONE]: node.zone },
  taints: [],
  allocatable: { cpu: node.cpu },
  occupants: node.occupant === undefined ? [] : [placed(node.occupant, `on-${name}`)],
});

interface Stand {
  readonly pod: Small;
  readonly zone: string;
  readonly node: number;
}

const countOf = (stands: readonly Stand[], of: string, zoneName: string): number =>
  stands.filter(stand => stand.pod.app === of && stand.zone === zoneName).length;

const keepsSkew = (
  { pod, zone: place }: Stand,
  stands: readonly Stand[],
  zones: readonly string[],
): boolean => {
  const least = Math.min(...zones.map(name => countOf(stands, pod.app, name)));
  return countOf(stands, pod.app, place) + 1 - least <= 1;
};

const findsCompany = (pod: Small, place: string, stands: readonly Stand[]): boolean =>
  pod.seeks === undefined ||
  countOf(stands, pod.seeks, place) > 0 ||
  (pod.seeks === pod.app && stands.every(stand => stand.pod.app !== pod.seeks));

/** The rules of the scheduler once more, as plainly as they can be said. */
const mayStand = (stand: Stand, stands: readonly Stand[], { nodes, leaving }: Question): boolean => {
  const { pod, zone: place, node } = stand;
  const used = stands.filter(other => other.node === node).reduce((sum, other) => sum + other.pod.cpu, 0);
  const near = stands.filter(other => other.zone === place);
  const zones = [...new Set([...nodes.map(one => one.zone), ...leaving])];
  return (
    used + pod.cpu <= (nodes[node]?.cpu ?? 0) &&
    near.every(other => other.pod.app !== pod.shuns && other.pod.shuns !== pod.app) &&
    (!pod.spreads || keepsSkew(stand, stands, zones)) &&
    findsCompany(pod, place, stands)
  );
};

/** Tries every order and every place. */
const canPlace = (pods: readonly Small[], stands: readonly Stand[], asked: Question): boolean =>
  pods.length === 0 ||
  pods.some((pod, index) =>
    asked.nodes.some(({ zone: place }, node) => {
      const stand = { pod, zone: place, node };
      return mayStand(stand, stands, asked) && canPlace(pods.toSpliced(index, 1), [...stands, stand], asked);
    }),
  );

const standing = ({ nodes }: Question): readonly Stand[] =>
  nodes.flatMap(({ occupant, zone: place }, node) =>
    occupant === undefined ? [] : [{ pod: occupant, zone: place, node }],
  );

const verdictOf = ({ pods, nodes, leaving }: Question): string =>
  proveCapacity({
    pods: pods.map((pod, index) => placed(pod, `p${index}`)),
    nodes: nodes.map((node, index) => capacityNode(node, `n${index}`)),
    leaving: leaving.map((name, index) => capacityNode({ zone: name, cpu: 9 }, `b${index}`)),
  }).verdict;

it("says FITS only where some order of some placement keeps every rule, and IMPOSSIBLE only where none does", () => {
  const seen = { FITS: 0, IMPOSSIBLE: 0, UNPROVEN: 0 };
  fc.assert(
    fc.property(question, asked => {
      const verdict = verdictOf(asked) as keyof typeof seen;
      seen[verdict] += 1;
      const possible = canPlace(asked.pods, standing(asked), asked);
      if (verdict === "FITS") expect(possible).toBe(true);
      if (verdict === "IMPOSSIBLE") expect(possible).toBe(false);
    }),
    { numRuns: 3_000 },
  );
  expect(Math.min(seen.FITS, seen.IMPOSSIBLE, seen.UNPROVEN)).toBeGreaterThan(100);
});
