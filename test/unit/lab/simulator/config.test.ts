import { describeSimulator, fingerprint } from "../../../../lab/simulator/config";
import { NODE_STAGES } from "../../../../lab/simulator/nodeStages";
import { POD_STAGES } from "../../../../lab/simulator/podStages";

const names = [...NODE_STAGES, ...POD_STAGES].map(({ metadata }) => metadata.name);

describe("the simulator's configuration", () => {
  it("holds every stage under its own name", () => {
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(describeSimulator()).toContain(`"name":"${name}"`);
  });

  it("is a list of JSON documents", () => {
    const documents = describeSimulator().split("\n---\n");
    expect(documents).toHaveLength(names.length + 1);
    for (const document of documents) expect(() => JSON.parse(document) as unknown).not.toThrow();
  });

  it("has a fingerprint that changes with its text only", () => {
    expect(fingerprint(describeSimulator())).toBe(fingerprint(describeSimulator()));
    expect(fingerprint("a")).not.toBe(fingerprint("b"));
  });
});
