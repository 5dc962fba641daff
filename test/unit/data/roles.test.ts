import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { ROLES } from "../../../data/roles";

const CLOUDS = resolve(__dirname, "../../../components/clouds");

const sourcesIn = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap(entry => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? sourcesIn(path) : [readFileSync(path, "utf8")];
  });

/** What the cloud's run-time half names as the action or permission of a call. */
const askedBy = (cloud: keyof typeof ROLES, shape: RegExp): string[] => [
  ...new Set(
    sourcesIn(join(CLOUDS, cloud)).flatMap(text => [...text.matchAll(shape)].map(([, found = ""]) => found)),
  ),
];

const granted: Readonly<Record<keyof typeof ROLES, readonly string[]>> = {
  eks: ROLES.eks.Statement.filter(({ Sid }) => Sid !== "Resources").flatMap(({ Action }) => Action),
  gke: ROLES.gke.includedPermissions,
  aks: ROLES.aks.Actions,
};

/** iam:PassedToService is a condition key. */
const EKS_ACTION =
  /"((?:eks|autoscaling|ec2|ssm|iam|sts|servicequotas|cloudwatch):(?!PassedToService)[A-Z][A-Za-z]+)"/g;

describe("the role a cloud's stack needs", () => {
  it.each([
    ["eks", EKS_ACTION],
    ["gke", /"((?:container|compute)\.[a-zA-Z]+\.[a-zA-Z]+)"/g],
    ["aks", /"(Microsoft\.[A-Z][a-zA-Z]+\/[a-zA-Z/]+\/(?:read|write|delete|action))"/g],
  ] as const)("%s: allows every call that gates name", (cloud, shape) => {
    const asked = askedBy(cloud, shape);
    expect(asked.length).toBeGreaterThan(5);
    expect(asked.filter(action => !granted[cloud].includes(action))).toEqual([]);
  });

  it("eks: the part of the gates allows nothing that they do not ask", () => {
    const asked = askedBy("eks", EKS_ACTION);
    expect([...granted.eks].sort()).toEqual([...asked].sort());
  });
});
