import { ROLES } from "../../../../../data/roles";
import type { Problem } from "../../../../../core/problem";
import type { WantedAtCloud } from "../../../../../operations/ports";
import { type Findings, NOTHING, orDenied } from "../../../shared/live/sideBySide";
import { BASE } from "../client";
import { look, projectOf, type Question } from "./question";

const TEST_URL =
  "https://docs.cloud.google.com/resource-manager/reference/rest/v1/projects/testIamPermissions";

/** May be had on the nodes' service account alone. */
const ACT_AS = "iam.serviceAccounts.actAs";

/** What only looks: whoever lacks one of these is told by the look itself. */
const LOOKS: readonly string[] = [
  ...["compute.machineTypes.get", "compute.machineTypes.list", "compute.projects.get"],
  ...["compute.regions.get", "compute.regions.list"],
  ...["compute.subnetworks.get", "container.clusters.list"],
];

const CREATE = "container.clusters.create";
const DESTROY = "container.clusters.delete";

const all = (): readonly string[] => ROLES.gke.includedPermissions.filter(one => !LOOKS.includes(one));

/** Both methods tell anybody which of these the caller has, on that resource. */
const test = async (question: Question, url: string, permissions: readonly string[]) => {
  const on = `project ${projectOf(question)}`;
  const asked = { permission: permissions.join(", "), on };
  const found = await look<{ readonly permissions?: readonly string[] }>(question, asked, {
    ...{ method: "POST", url },
    body: { permissions },
  });
  return found.permissions ?? [];
};

interface Found {
  readonly missing: readonly string[];
  /** What could not be read; the rest still counts. */
  readonly said: Findings;
}

/** Those of the role that this identity lacks on the project, and on the service account it hands to nodes. */
export const readMissing = async (question: Question): Promise<Found> => {
  const url = `${BASE.resourceManager()}projects/${projectOf(question)}:testIamPermissions`;
  const granted = await test(question, url, all());
  const missing = all().filter(one => !granted.includes(one));
  if (!missing.includes(ACT_AS)) return { missing, said: NOTHING };
  const { answer, said } = await orDenied("permissions on the nodes' service account", () =>
    testAccount(question),
  );
  const lacksIt = answer !== undefined && !answer.includes(ACT_AS);
  return { missing: missing.filter(one => one !== ACT_AS || lacksIt), said };
};

const testAccount = (question: Question): Promise<readonly string[]> => {
  const account = question.wanted.cluster.gke?.serviceAccount ?? "";
  return test(question, `${BASE.iam()}projects/-/serviceAccounts/${account}:testIamPermissions`, [ACT_AS]);
};

/** One problem for all that this run needs; what only making or destroying the cluster needs is said beside it. */
export const judgePermissions = ({ live, connection }: WantedAtCloud, { missing, said }: Found): Findings => {
  const later = [...(live === undefined ? [] : [CREATE]), DESTROY];
  const now = missing.filter(one => !later.includes(one));
  const project = connection.project ?? "";
  const only = missing.filter(one => one === DESTROY);
  return {
    blockers: now.length === 0 ? [] : [lacks(project, now)],
    warnings: [...said.warnings, ...(only.length === 0 ? [] : [lacksLater(project, only)])],
  };
};

const FIX = "`changeover permissions gke` prints the role; grant it to the identity that runs `pulumi up`";

const lacks = (project: string, missing: readonly string[]): Problem => ({
  code: "Gke.PermissionsMissing",
  path: `project ${project}`,
  message: `this identity lacks ${missing.length} of the permissions that the run needs: ${missing.join(", ")}`,
  fix: FIX,
  source: TEST_URL,
});

const lacksLater = (project: string, missing: readonly string[]): Problem => ({
  code: "Gke.PermissionsForLater",
  path: `project ${project}`,
  message: `this identity lacks what \`pulumi destroy\` needs, which this run does not: ${missing.join(", ")}`,
  fix: FIX,
  source: TEST_URL,
});
