import { type Access, judgeEntries } from "../../../../../../components/clouds/eks/live/readiness/admins";

const [OPS, TEAM, CI] = ["ops", "team", "ci"].map(name => `arn:aws:iam::111122223333:role/${name}`) as [
  string,
  string,
  string,
];
const ours = (principal: string) => ({ principal, ours: true });
const elsewhere = (principal: string) => ({ principal, ours: false });

const judge = (access: Partial<Access>): readonly string[] =>
  judgeEntries({ wanted: [], entries: [], caller: CI, othersStay: true, ...access }).blockers.map(
    ({ code, path }) => `${code} ${path}`,
  );

describe("access entries that config asks for", () => {
  it("are no matter where they are there, are to come, or go with others left", () => {
    expect(judge({ wanted: [OPS, TEAM], entries: [elsewhere(CI), ours(OPS)] })).toEqual([]);
    expect(judge({ wanted: [OPS], entries: [ours(OPS), ours(TEAM)] })).toEqual([]);
    expect(judge({ entries: [elsewhere(CI), ours(OPS)] })).toEqual([]);
  });

  it("are refused for each who has one that EKS or somebody else made", () => {
    expect(judge({ wanted: [OPS, CI, TEAM], entries: [elsewhere(CI), elsewhere(TEAM)] })).toEqual([
      "Eks.AdminHasEntry cluster.eks.admins.1",
      "Eks.AdminHasEntry cluster.eks.admins.2",
    ]);
  });

  it("may not go by whom they let in, nor all of them", () => {
    expect(judge({ wanted: [OPS], entries: [ours(OPS), ours(CI)] })).toEqual([
      "Eks.AdminRemovesItself cluster.eks.admins",
    ]);
    expect(judge({ entries: [ours(OPS), elsewhere(TEAM)], othersStay: false })).toEqual([
      "Eks.LastAdmin cluster.eks.admins",
    ]);
    expect(judge({ wanted: [TEAM], entries: [ours(OPS)], othersStay: false })).toEqual([]);
  });

  it("are all refused at once", () => {
    expect(judge({ wanted: [], entries: [ours(CI), ours(OPS)], othersStay: false })).toEqual([
      "Eks.AdminRemovesItself cluster.eks.admins",
      "Eks.LastAdmin cluster.eks.admins",
    ]);
  });
});
