import fc from "fast-check";
import {
  chooseNodes,
  nextWave,
  surgeNodes,
  type WaveNode,
  type WaveView,
} from "../../../../core/upgrade/waves";

/** What a move does when every wave succeeds: its states, the first one included. */
const play = (start: WaveView): readonly WaveView[] => {
  const states = [start];
  for (let view = start; view.leaving > 0 && states.length < 200;) {
    const { grow, drain } = nextWave(view);
    view = { ...view, active: view.active + grow, leaving: view.leaving - drain };
    states.push(view);
  }
  return states;
};

const anyMove = fc
  .record({ target: fc.integer({ min: 1, max: 40 }), percent: fc.integer({ min: 1, max: 99 }) })
  .map(({ target, percent }) => ({ target, surge: surgeNodes(target, percent), active: 0, leaving: target }));

describe("a move in waves", () => {
  it("of six nodes by a third takes three", () => {
    expect(nextWave({ target: 6, surge: 2, active: 0, leaving: 6 })).toEqual({ grow: 2, drain: 2 });
    expect(nextWave({ target: 6, surge: 2, active: 2, leaving: 4 })).toEqual({ grow: 2, drain: 2 });
    expect(nextWave({ target: 6, surge: 2, active: 4, leaving: 2 })).toEqual({ grow: 2, drain: 2 });
  });

  it("turned round in its middle goes back by what is left", () => {
    expect(nextWave({ target: 6, surge: 2, active: 4, leaving: 2 })).toEqual({ grow: 2, drain: 2 });
    expect(nextWave({ target: 6, surge: 2, active: 4, leaving: 4 })).toEqual({ grow: 0, drain: 2 });
    expect(nextWave({ target: 6, surge: 2, active: 2, leaving: 6 })).toEqual({ grow: 0, drain: 2 });
  });

  it("first empties what is too much already", () => {
    expect(nextWave({ target: 6, surge: 2, active: 2, leaving: 9 })).toEqual({ grow: 0, drain: 5 });
  });

  it("ends with the whole pool moved, in as few waves as the surge allows", () => {
    fc.assert(
      fc.property(anyMove, start => {
        const states = play(start);
        expect(states.at(-1)).toMatchObject({ active: start.target, leaving: 0 });
        expect(states.length - 1).toBe(Math.ceil(start.target / start.surge));
      }),
    );
  });

  it("never has more nodes than the pool and its surge, nor less capacity than the pool, also from its middle", () => {
    fc.assert(
      fc.property(anyMove, fc.nat(), (start, moment) => {
        const states = play(start);
        const middle = states[moment % states.length] ?? start;
        const back = play({ ...middle, active: middle.leaving, leaving: middle.active });
        for (const view of [...states, ...back]) {
          const { grow, drain } = nextWave(view);
          expect(view.active + grow + view.leaving).toBeLessThanOrEqual(view.target + view.surge);
          expect(view.active + grow + view.leaving - drain).toBeGreaterThanOrEqual(view.target);
          if (view.leaving > 0) expect(drain).toBeGreaterThan(0);
        }
        expect(back.at(-1)).toMatchObject({ active: start.target, leaving: 0 });
      }),
    );
  });
});

describe("the surge", () => {
  it.each([
    [6, 50, 3],
    [6, 33, 1],
    [6, 34, 2],
    [3, 1, 1],
    [1, 99, 1],
  ])("of %d nodes by %d%% is %d", (nodes, percent, surge) => {
    expect(surgeNodes(nodes, percent)).toBe(surge);
  });
});

describe("the nodes of a wave", () => {
  const node = (name: string, zone: string, ready = true): WaveNode => ({ name, zone, ready });

  it("are those that serve nothing, then one of each zone in turn", () => {
    const nodes = [
      node("1", "a"),
      node("2", "a"),
      node("3", "b"),
      node("4", "b"),
      node("5", "a"),
      node("6", "c", false),
    ];
    expect(chooseNodes(nodes, 1)).toEqual(["6"]);
    expect(chooseNodes(nodes, 4)).toEqual(["6", "1", "2", "3"]);
    expect(chooseNodes(nodes, 9)).toHaveLength(6);
  });

  it("leave zones as even as they can be", () => {
    const even = ["a", "b", "c"].flatMap(zone => [1, 2, 3, 4].map(number => node(`${zone}${number}`, zone)));
    const zones = chooseNodes(even, 6).map(name => name[0]);
    expect(zones.sort()).toEqual(["a", "a", "b", "b", "c", "c"]);
  });
});
