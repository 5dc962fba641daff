import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { insertSummary, PAGE, README, readFound, readProofs, renderPage } from "../../../scripts/cloudTable";

const ROOT = resolve(__dirname, "../../..");
const TITLE = /^ +(?:it|ifMade|ifListed)\(\s*"([^"]+)"/gm;
const titlesIn = (...path: readonly string[]): string[] =>
  [...readFileSync(join(ROOT, ...path), "utf8").matchAll(TITLE)].map(([, title = ""]) => title);

describe("what is said of clouds", () => {
  const found = readFound();

  it("is what the suites showed: README's table and the page are made from it", () => {
    const readme = readFileSync(README, "utf8");
    expect(insertSummary(readme, found)).toBe(readme);
    expect(readFileSync(PAGE, "utf8")).toBe(renderPage(found));
  });

  it("is of the contract and the story as they stand: no test is new, renamed or gone since", () => {
    const contract = Object.values(found.contract).flatMap(({ passed, failed }) => [...passed, ...failed]);
    expect(new Set(contract)).toEqual(new Set(titlesIn("test/support/cloudContract.ts")));
    const told = titlesIn("test/support/cloudUpgrade.ts");
    for (const cloud of ["eks", "gke", "aks"]) expect(found.story[cloud]?.passed).toEqual(told);
    expect(found.story["kubeadm"]?.passed).toEqual(titlesIn("test/engine/clouds/kubeadm.test.ts"));
  });
});

describe("reading what jest wrote", () => {
  const result = {
    testResults: [
      {
        name: "/here/test/lab/clouds/one.test.ts",
        assertionResults: [
          { ancestorTitles: ["the live half of eks"], title: "grows", status: "passed" },
          { ancestorTitles: ["the live half of the lab"], title: "grows", status: "failed" },
          { ancestorTitles: ["something else"], title: "grows", status: "passed" },
        ],
      },
      {
        name: "/here/test/engine/clouds/aks.test.ts",
        assertionResults: [{ ancestorTitles: ["AKS"], title: "is made", status: "passed" }],
      },
    ],
  };

  it("knows the cloud by the contract's own name, or by the story's file, and leaves out what tells of none", () => {
    const { contract, story } = readProofs([result]);
    expect(contract["eks"]).toEqual({ passed: ["grows"], failed: [] });
    expect(contract["lab"]).toEqual({ passed: [], failed: ["grows"] });
    expect(contract["gke"]).toEqual({ passed: [], failed: [] });
    expect(story["aks"]).toEqual({ passed: ["is made"], failed: [] });
  });
});
