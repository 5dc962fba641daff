import { readFileSync } from "node:fs";
import { describeProblemIndex, PAGE } from "../../../scripts/problemIndex";

it("lists every problem code on the reference page", () => {
  expect(readFileSync(PAGE, "utf8")).toBe(describeProblemIndex());
});
