import fc from "fast-check";
import {
  type Berth,
  judgeVolumeRoom,
  type VolumeMover,
  type VolumeVerdict,
} from "../../../../core/drain/volumeRoom";

const ZONE = "topology.kubernetes.io/zone";
const EBS = "ebs.csi.aws.com";

const look = (zone: string) => ({ name: "(another)", labels: { [ZONE]: zone }, taints: [] });

interface BerthWish {
  readonly zones?: readonly string[];
  readonly count?: number;
  readonly free?: Readonly<Record<string, number>>;
  readonly held?: readonly string[];
  readonly pool?: string;
}

const berth = ({
  zones = ["a"],
  count = 1,
  free = { [EBS]: 2 },
  held = [],
  pool = "workers",
}: BerthWish): Berth => ({
  ...{ pool, machine: "m7i.large", count, free },
  looks: zones.map(look),
  held: new Set(held),
});

/** In a zone where one is said, else anywhere. */
const mover = (workload: string, ids: readonly string[], zone?: string): VolumeMover => ({
  pool: "workers",
  volumes: ids.map(id => ({ id, driver: id.startsWith("efs") ? "efs.csi.aws.com" : EBS })),
  wishes: {
    ...{ workload, node: "old", affinity: undefined, tolerations: [], volumes: [] },
    nodeSelector: zone === undefined ? {} : { [ZONE]: zone },
  },
});

const brief = ({ short, tight, unknown }: VolumeVerdict) => ({
  short: short.map(({ volumes, driver }) => `${String(volumes)} ${driver}`),
  tight: tight.map(({ volumes, driver }) => `${String(volumes)} ${driver}`),
  unknown: unknown.map(({ volumes, driver }) => `${String(volumes)} ${driver}`),
});

const judge = (movers: readonly VolumeMover[], sure: readonly Berth[], most = sure) =>
  brief(judgeVolumeRoom({ movers, sure, most }));

const FINE = { short: [], tight: [], unknown: [] };

describe("judgeVolumeRoom", () => {
  it("is silent where each pod has a node for its volumes", () => {
    const movers = [mover("db", ["1", "2"]), mover("log", ["3"])];
    expect(judge(movers, [berth({ count: 2 })])).toEqual(FINE);
  });

  it("refuses more than all nodes that there could be hold", () => {
    const movers = ["1", "2", "3"].map(id => mover(id, [id]));
    expect(judge(movers, [berth({})])).toEqual({ ...FINE, short: [`3 ${EBS}`] });
  });

  it("warns where only nodes hold them that come later", () => {
    const movers = ["1", "2", "3"].map(id => mover(id, [id]));
    expect(judge(movers, [berth({})], [berth({ count: 2 })])).toEqual({ ...FINE, tight: [`1 ${EBS}`] });
  });

  it("refuses what one zone can't hold however much room the others have, and names only that part", () => {
    const movers = ["1", "2", "3"].map(id => mover(id, [id], "a"));
    const berths = [berth({ zones: ["a"] }), berth({ zones: ["b"], count: 9 })];
    const { short } = judgeVolumeRoom({ movers: [...movers, mover("x", ["4"])], sure: berths, most: berths });
    expect(short).toMatchObject([{ volumes: 3, workloads: ["1", "2", "3"], berths: [{ count: 1 }] }]);
  });

  it("counts a volume once a node, however many pods use it there", () => {
    const movers = [mover("a", ["1"]), mover("b", ["1"]), mover("c", ["1", "2"])];
    expect(judge(movers, [berth({})])).toEqual(FINE);
  });

  it("counts nothing for a volume that a node has already", () => {
    expect(judge([mover("a", ["1"])], [berth({ free: { [EBS]: 0 }, held: ["1"] })])).toEqual(FINE);
    expect(judge([mover("a", ["1"])], [berth({ free: { [EBS]: 0 } })])).toEqual({
      ...FINE,
      short: [`1 ${EBS}`],
    });
  });

  it("takes a node with more than its limit for a full one", () => {
    expect(judge([mover("a", ["1"])], [berth({ free: { [EBS]: -3 } }), berth({})])).toEqual(FINE);
  });

  it("a limit that is not known is neither room nor a refusal", () => {
    expect(judge([mover("a", ["1"])], [berth({ free: {} })])).toEqual({ ...FINE, unknown: [`1 ${EBS}`] });
    expect(judge([mover("a", ["1"])], [berth({ free: {} }), berth({})])).toEqual(FINE);
  });

  it("a driver without limit holds any number, and is not named beside one that has one", () => {
    const free = { [EBS]: 1, "efs.csi.aws.com": Infinity };
    const movers = [mover("a", ["efs-1", "efs-2", "efs-3", "1"]), mover("b", ["efs-1", "2"])];
    expect(judge(movers, [berth({ free })], [berth({ free, count: 2 })])).toEqual({
      ...FINE,
      tight: [`1 ${EBS}`],
    });
  });

  it("whether a node comes into a volume's zone may not be known", () => {
    const sure = [berth({ zones: ["a"], count: 0 }), berth({ zones: ["b"], count: 0 })];
    const most = [berth({ zones: ["a", "b"], count: 1 })];
    expect(judge([mover("db", ["1"], "a")], sure, most)).toEqual({ ...FINE, tight: [`1 ${EBS}`] });
  });

  it("leaves pods that no node takes at all to those who tell of them", () => {
    expect(judge([mover("db", ["1"], "elsewhere")], [berth({})])).toEqual(FINE);
  });
});

describe("against every possible placement", () => {
  const zone = fc.constantFrom("a", "b");
  const driver = fc.constantFrom("1", "2", "3", "4", "efs-1", "efs-2");
  const movers = fc.array(
    fc.record({
      ids: fc.uniqueArray(driver, { minLength: 1, maxLength: 3 }),
      zone: fc.option(zone, { nil: undefined }),
    }),
    { minLength: 1, maxLength: 4 },
  );
  const limit = fc.option(fc.constantFrom(-1, 0, 1, 2, 3, Infinity), { nil: undefined });
  const berths = fc.array(
    fc.record({
      zone,
      count: fc.integer({ min: 0, max: 2 }),
      ebs: limit,
      efs: limit,
      held: fc.subarray(["1", "efs-1"]),
    }),
    { minLength: 1, maxLength: 2 },
  );
  type Drawn = typeof berths extends fc.Arbitrary<infer T> ? T : never;

  const berthsOf = (drawn: Drawn): readonly Berth[] =>
    drawn.map(one => {
      const known = Object.entries({ [EBS]: one.ebs, "efs.csi.aws.com": one.efs }).filter(
        ([, left]) => left !== undefined,
      );
      const free = Object.fromEntries(known) as Record<string, number>;
      return berth({ zones: [one.zone], count: one.count, held: one.held, free });
    });

  interface Node {
    readonly zone: string;
    readonly free: Readonly<Record<string, number>>;
    readonly on: ReadonlySet<string>;
  }

  /** Tries every node for every pod. `unknown`: what a limit that is not known is taken to be. */
  const canPlace = (pods: readonly VolumeMover[], nodes: readonly Node[], unknown: number): boolean => {
    const [pod, ...rest] = pods;
    if (pod === undefined) return true;
    return nodes.some((node, at) => {
      const wanted = pod.wishes.nodeSelector[ZONE];
      if (wanted !== undefined && wanted !== node.zone) return false;
      const added = pod.volumes.filter(({ id }) => !node.on.has(id));
      const free: Record<string, number> = { ...node.free };
      for (const { driver: of } of added) free[of] = (free[of] ?? unknown) - 1;
      if (added.some(({ driver: of }) => (free[of] ?? 0) < 0)) return false;
      const after = { ...node, free, on: new Set([...node.on, ...added.map(({ id }) => id)]) };
      return canPlace(rest, nodes.with(at, after), unknown);
    });
  };

  const nodesOf = (those: readonly Berth[]): readonly Node[] =>
    those.flatMap(({ count, free, held, looks }) =>
      Array.from({ length: count }, () => ({ zone: looks[0]?.labels[ZONE] ?? "", free, on: held })),
    );

  const story = fc.record({ movers, berths }).map(drawn => ({
    pods: drawn.movers.map(({ ids, zone: of }, at) => mover(`w${String(at)}`, ids, of)),
    there: berthsOf(drawn.berths),
  }));

  const opensTo = ({ wishes }: VolumeMover, { looks }: Berth): boolean =>
    [undefined, looks[0]?.labels[ZONE]].includes(wishes.nodeSelector[ZONE]);

  /** Those whom a limit can keep out somewhere: whether there is a node at all another check tells. */
  const limited = (pods: readonly VolumeMover[], there: readonly Berth[]): readonly VolumeMover[] =>
    pods.filter(pod =>
      there.some(
        one => opensTo(pod, one) && pod.volumes.some(volume => one.free[volume.driver] !== Infinity),
      ),
    );

  it("silence is right: with limits that are not known taken to be nothing, there is a placement", () => {
    fc.assert(
      fc.property(story, ({ pods, there }) => {
        const { short, tight, unknown } = judgeVolumeRoom({ movers: pods, sure: there, most: there });
        fc.pre(short.length + tight.length + unknown.length === 0);
        expect(canPlace(limited(pods, there), nodesOf(there), 0)).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  it("a refusal is right: with limits that are not known taken to be any number, there is none", () => {
    fc.assert(
      fc.property(story, ({ pods, there }) => {
        const { short } = judgeVolumeRoom({ movers: pods, sure: there, most: there });
        fc.pre(short.length > 0);
        expect(canPlace(limited(pods, there), nodesOf(there), Infinity)).toBe(false);
      }),
      { numRuns: 1_000 },
    );
  });
});
