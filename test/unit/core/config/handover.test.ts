import { parseHandover } from "../../../../core/config";

const clusters = {
  blue: { name: "shop-1", cloud: "eks", region: "eu-west-1" },
  green: { name: "shop-2", cloud: "eks", region: "eu-west-1" },
};
const least = { name: "shop", ...clusters, namespaces: ["shop"], weight: "5%" };

const codes = (raw: unknown): readonly string[] => {
  const parsed = parseHandover(raw);
  return parsed.ok ? [] : parsed.problems.map(({ code, path }) => `${code} at ${path}`).sort();
};

describe("changeover:handover", () => {
  it("fills in steps, soak and timeout, and sorts namespaces", () => {
    expect(parseHandover({ ...least, namespaces: ["shop", "cart", "shop"] })).toEqual({
      ok: true,
      value: {
        name: "shop",
        ...clusters,
        namespaces: ["cart", "shop"],
        weight: 5,
        steps: [5, 25, 50, 100],
        soakSeconds: 600,
        timeoutSeconds: 300,
      },
    });
  });

  it("tells all that is wrong at once", () => {
    const raw = {
      name: "Shop!",
      blue: { name: "shop-1", cloud: "gke", region: "europe-west1" },
      green: { name: "shop-2", cloud: "kubeadm", ip: "10.0.0.1" },
      namespaces: [],
      weight: 5,
      soak: 600,
    };
    expect(codes(raw)).toEqual([
      "Config.DurationWithoutUnit at handover.soak",
      "Config.Missing at handover.blue.project",
      "Config.Missing at handover.green.kubeconfig",
      "Config.Name at handover.name",
      "Config.OutOfRange at handover.namespaces",
      "Config.Percent at handover.weight",
      "Config.UnknownKey at handover.green.ip",
    ]);
  });

  it.each([
    [["5%", "25%"], "Handover.Steps at handover.steps"],
    [["25%", "5%", "100%"], "Handover.Steps at handover.steps"],
    [["0%", "100%"], "Config.Percent at handover.steps.0"],
  ])("refuses the steps %j", (steps, problem) => {
    expect(codes({ ...least, steps })).toContain(problem);
  });

  it("refuses one cluster as both", () => {
    expect(codes({ ...least, green: least.blue })).toEqual(["Handover.OneCluster at handover.green"]);
  });
});
