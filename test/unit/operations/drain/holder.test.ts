import { describeHolder, isDeadHere, runOf } from "../../../../operations/drain/holder";

it("keeps the run readable in the lease", () => {
  expect(runOf(describeHolder("prod by hand"))).toBe("prod by hand");
  expect(runOf("somebody else")).toBe("somebody else");
});

it("takes nobody for dead who lives, is elsewhere, or cannot be judged", () => {
  const alive = describeHolder("run");
  expect(isDeadHere(alive)).toBe(false);
  expect(isDeadHere("run")).toBe(false);
  expect(isDeadHere("run by {broken")).toBe(false);
  expect(
    isDeadHere(
      alive.replace(/"machine":"[^"]*"/, '"machine":"elsewhere"').replace(/"started":"\d+"/, '"started":"1"'),
    ),
  ).toBe(false);
});

it("knows a process of this machine that is no more", () => {
  const dead = describeHolder("run").replace(/"started":"\d+"/, '"started":"1"');
  // Where the system cannot tell one process from another, nobody is taken for dead.
  expect(isDeadHere(dead)).toBe(dead !== "run");
});
