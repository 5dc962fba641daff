import { addressesIn, readWish } from "../../../../cli/commands/adopt/wish";

describe("what is asked to be taken over", () => {
  it("is a pool by its name, under another name, or the machines of one in any order", () => {
    expect(readWish(["legacy-ng", "workers=old", "gpu=w7,w2"])).toEqual({
      "legacy-ng": "",
      old: "workers",
      "w2,w7": "gpu",
    });
  });

  it("has the addresses that the file says, of the control plane and of every pool", () => {
    const raw = {
      cluster: { kubeadm: { controlPlanes: { cp1: "10.0.0.11" } } },
      pools: { workers: { hosts: { w1: "10.0.0.21" } }, gpu: { hosts: { w7: "10.0.0.27" } }, other: {} },
    };
    expect(addressesIn(raw)).toEqual({ cp1: "10.0.0.11", w1: "10.0.0.21", w7: "10.0.0.27" });
    expect(addressesIn({})).toEqual({});
  });
});
