import { budgets, planFacts, planNode, planOf, planPod } from "./facts";

it("is bounded by the waves in which nodes that take the pods have to grow", () => {
  const at = (cpu: number, provisionMs?: number) => [
    planNode("blue-0"),
    { ...planNode("green-0", {}, cpu), ...(provisionMs === undefined ? {} : { provisionMs }) },
  ];
  const free = { budgets: budgets({ allowed: 3, needed: 0 }) };
  expect(planOf({ ...free, nodes: at(125, 60_000) }).bound).toEqual({
    seconds: 120,
    binding: "waves",
    words:
      "the nodes that are to take the pods have room for 41 % of them: 3 waves, 60 s until a new node is Ready (as seen)",
  });
  const held = [...planFacts().pods, planPod("other", { node: "green-0" }, { requests: { cpu: 50 } })];
  expect(planOf({ ...free, pods: held, nodes: at(125, 60_000) }).bound.seconds).toBe(180);
  for (const nodes of [at(300, 60_000), at(0, 60_000), at(125)])
    expect(planOf({ ...free, nodes }).bound.binding).not.toBe("waves");
});
