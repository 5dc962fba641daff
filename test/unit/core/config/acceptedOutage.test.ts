import { parseStack } from "../../../../core/config";

const parse = (acceptedOutage: object | undefined, rest: object = { pools: {} }) =>
  parseStack({
    cluster: {
      ...{ name: "site", cloud: "kubeadm", version: "1.36.4", kubeconfig: "kubeconfig" },
      kubeadm: { controlPlanes: { cp1: "10.0.0.11" }, ssh: { knownHosts: "known_hosts" }, acceptedOutage },
    },
    ...rest,
  });

const problemsOf = (...args: Parameters<typeof parse>): readonly string[] => {
  const parsed = parse(...args);
  return parsed.ok ? [] : parsed.problems.map(({ code, path }) => `${code} ${path}`);
};

const OUTAGE = { until: "2026-12-31", reason: "closed at night" };
const PATH = "cluster.kubeadm.acceptedOutage";

describe("an outage that config accepts", () => {
  it("has a day and a reason, and passes over nothing that is not named", () => {
    const parsed = parse(OUTAGE);
    expect(parsed.ok && parsed.value.cluster.kubeadm?.acceptedOutage).toEqual({ ...OUTAGE, disregard: {} });
  });

  it("takes a day without quotes, as Pulumi hands it over", () => {
    const parsed = parse({ ...OUTAGE, until: "2026-12-31 00:00:00 +0000 UTC" });
    expect(parsed.ok && parsed.value.cluster.kubeadm?.acceptedOutage?.until).toBe("2026-12-31");
  });

  it.each([
    ["without an end", { reason: "x" }, `Config.Missing ${PATH}.until`],
    ["without a reason", { until: "2026-12-31" }, `Config.Missing ${PATH}.reason`],
    ["with a time for a day", { ...OUTAGE, until: "2026-12-31 09:00" }, `Config.Invalid ${PATH}.until`],
    [
      "of a workload without namespace",
      { ...OUTAGE, disregard: { web: ["budget"] } },
      `Config.Shape ${PATH}.disregard.web`,
    ],
    [
      "of words of a command",
      { ...OUTAGE, disregard: { "shop/web; reboot": ["budget"] } },
      `Config.Shape ${PATH}.disregard.shop/web; reboot`,
    ],
    [
      "of a protection that nobody knows",
      { ...OUTAGE, disregard: { "shop/web": ["all"] } },
      `Config.NotAllowed ${PATH}.disregard.shop/web.0`,
    ],
  ])("is refused %s", (_what, outage, problem) => {
    expect(problemsOf(outage)).toEqual([problem]);
  });
});

describe("a cluster whose only machines are its control plane's", () => {
  it("says so with empty pools; without the word they are missing", () => {
    expect(problemsOf(undefined)).toEqual([]);
    expect(problemsOf(undefined, {})).toEqual(["Config.Missing pools"]);
  });

  it("is of kubeadm alone", () => {
    const lab = { cluster: { name: "l", cloud: "lab", version: "1.36" } };
    const parsed = parseStack({ ...lab, pools: {} });
    expect(parsed.ok ? [] : parsed.problems.map(({ code, path }) => `${code} ${path}`)).toEqual([
      "Config.Missing pools",
    ]);
  });

  it("has no Jobs that would never run", () => {
    const validation = { jobs: [{ name: "smoke", image: "busybox", command: ["true"] }] };
    expect(problemsOf(undefined, { pools: {}, validation })).toEqual(["Config.NotAllowed validation.jobs"]);
  });
});
