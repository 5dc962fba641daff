import { readFileSync } from "node:fs";
import { describeStandIns, PAGE } from "../../../scripts/standInPage";

it("lists every rule that a stand-in keeps", () => {
  expect(readFileSync(PAGE, "utf8")).toBe(describeStandIns());
});
