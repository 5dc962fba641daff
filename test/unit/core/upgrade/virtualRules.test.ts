import { desire, evaluate, idAt, ledgerWith, node, observe, stranger } from "./situations";

const VERSION = "v1.19.10-vk-azure-aci-1.4.8";
const virtual = (over: object = {}) => ({ ...stranger(VERSION), name: "aci", virtual: true, ...over });

const judge = (version: string, nodes: readonly object[]) => {
  const observed = observe(
    { binary: "1.35.8" },
    [node("v1.35.8"), ...(nodes as never[])],
    ledgerWith({ workers: idAt("1.35") }),
  );
  const { blockers, warnings } = evaluate(observed, desire({ version }));
  const codes = (problems: readonly { readonly code: string }[]): string[] =>
    problems.map(({ code }) => code);
  return { blockers: codes(blockers), warnings: codes(warnings), said: warnings };
};

describe("a virtual node", () => {
  it("is not judged by the kubelet's skew, which a machine of its version would break", () => {
    expect(judge("1.36", [virtual()]).blockers).toEqual([]);
    expect(judge("1.36", [stranger(VERSION)]).blockers).toEqual(["Skew.KubeletTooOld"]);
  });

  it("is warned of where the control plane's minor changes, with what it reports", () => {
    const { warnings, said } = judge("1.36", [virtual()]);
    expect(warnings).toEqual(["Skew.VirtualNode"]);
    expect(said[0]?.message).toContain("aci (v1.19.10-vk-azure-aci-1.4.8)");
    expect(judge("1.35", [virtual()]).warnings).toEqual([]);
  });

  it("may report a version that nobody can read", () => {
    expect(judge("1.36", [virtual({ kubelet: "edge" })]).blockers).toEqual([]);
    expect(judge("1.36", [stranger("edge")]).blockers).toEqual(["Version.Unreadable"]);
  });

  it("is refused in a pool, which could neither count nor empty it", () => {
    const inPool = virtual({ pool: "workers", generation: idAt("1.35") });
    expect(judge("1.36", [inPool]).blockers).toEqual(["Pool.VirtualNode"]);
  });
});
