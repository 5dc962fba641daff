import { judgeOffered } from "../../../../../../components/clouds/eks/live/readiness/offered";

const NOW = Date.parse("2026-11-22T00:00:00Z");
const offered = [
  {
    clusterVersion: "1.34",
    endOfStandardSupportDate: new Date("2026-10-01"),
    endOfExtendedSupportDate: new Date("2027-10-01"),
  },
  { clusterVersion: "1.35", endOfStandardSupportDate: new Date("2027-01-10") },
  { clusterVersion: "1.36", endOfStandardSupportDate: new Date("2027-08-02") },
];

const judge = (minor: string, support: "standard" | "extended") =>
  judgeOffered({ minor, support, now: NOW }, offered);

describe("a version and what EKS has", () => {
  it("is refused with the nearest one where EKS does not offer it", () => {
    const { blockers } = judge("1.38", "extended");
    expect(blockers).toMatchObject([
      {
        code: "Eks.VersionNotOffered",
        message: 'found "1.38"; EKS offers 1.34, 1.35, 1.36 in this region',
        fix: "choose an offered version, the nearest is 1.36",
      },
    ]);
  });

  it("is no news while its standard support lasts", () => {
    expect(judge("1.36", "standard")).toEqual({ blockers: [], warnings: [] });
  });

  it.each([
    ["standard", "1.35", { code: "Eks.UpgradesByItself", text: "2027-01-10" }],
    ["extended", "1.35", { code: "Eks.ExtendedSupport", text: "from 2027-01-10" }],
    [
      ...(["extended", "1.34"] as const),
      {
        code: "Eks.ExtendedSupport",
        text: "since 2026-10-01 on, and upgrades it by itself after 2027-10-01",
      },
    ],
  ] as const)("%s support of %s is said with its day", (support, minor, { code, text }) => {
    const { blockers, warnings } = judge(minor, support);
    expect(blockers).toEqual([]);
    expect(warnings).toMatchObject([{ code, message: expect.stringContaining(text) as string }]);
  });
});
