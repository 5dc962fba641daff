import { openRestores } from "../../../../operations/handover/restores";
import { scriptApi } from "../../../support/scriptedApi";

const restore = (name: string, at: string, rest: object): object => ({
  metadata: { name, creationTimestamp: at },
  ...rest,
});

const open = (items: readonly object[] | undefined): Promise<readonly string[]> => {
  const { kube } = scriptApi(() => (items === undefined ? undefined : { items }));
  return openRestores(kube, ["shop", "cart"], AbortSignal.timeout(5_000));
};

/** Shapes and phases: velero.io/docs, API type Restore, velero.io/v1. */
describe("Velero's restores", () => {
  it("are nothing where Velero is not installed", async () => {
    expect(await open(undefined)).toEqual([]);
  });

  it("count when they are into the namespaces, and only the newest", async () => {
    const items = [
      restore("old", "2026-01-01T00:00:00Z", {
        spec: { includedNamespaces: ["shop"] },
        status: { phase: "Failed" },
      }),
      restore("new", "2026-01-02T00:00:00Z", {
        spec: { includedNamespaces: ["shop"] },
        status: { phase: "Completed" },
      }),
      restore("other", "2026-01-03T00:00:00Z", { spec: { includedNamespaces: ["else"] } }),
    ];
    expect(await open(items)).toEqual([]);
  });

  it("are waited for until they are completed, renamed namespaces among them", async () => {
    const items = [
      restore("all", "2026-01-01T00:00:00Z", { spec: {}, status: { phase: "PartiallyFailed" } }),
      restore("moved", "2026-01-02T00:00:00Z", {
        spec: { includedNamespaces: ["prod-cart"], namespaceMapping: { "prod-cart": "cart" } },
      }),
    ];
    expect(await open(items)).toEqual([
      "Velero's restore all to be Completed (PartiallyFailed)",
      "Velero's restore moved to be Completed (New)",
    ]);
  });
});
