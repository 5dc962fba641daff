import { ROLES } from "../../../../../data/roles";
import type { Problem } from "../../../../../core/problem";
import { allOf, type Findings, orDenied } from "../../../shared/live/sideBySide";
import { list, type Question, subscriptionPath } from "./question";

const PERMISSIONS_URL =
  "https://learn.microsoft.com/rest/api/authorization/permissions/list-for-resource-group";

/** REST type Permission: what one assignment of a role gives, wildcards included. */
export interface Permission {
  readonly actions?: readonly string[];
  readonly notActions?: readonly string[];
}

const JOIN = "Microsoft.Network/virtualNetworks/subnets/join/action";
const ASSIGN = "Microsoft.ManagedIdentity/userAssignedIdentities/assign/action";
const DESTROY = "Microsoft.ContainerService/managedClusters/delete";
const UPGRADES = "Microsoft.ContainerService/managedClusters/upgradeProfiles/read";

/** What is done to the cluster and its pools; looks say themselves what they lack, and a location is no group's. */
const onGroup = (): readonly string[] =>
  ROLES.aks.Actions.filter(
    one => one.startsWith("Microsoft.ContainerService/managedClusters/") && one !== UPGRADES,
  );

const matches = (pattern: string, action: string): boolean => {
  const text = pattern.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*");
  return new RegExp(`^${text}$`, "i").test(action);
};

/** What one assignment takes away it takes from itself alone: learn.microsoft.com/azure/role-based-access-control/role-definitions */
export const isAllowed = (permissions: readonly Permission[], action: string): boolean =>
  permissions.some(
    ({ actions = [], notActions = [] }) =>
      actions.some(one => matches(one, action)) && !notActions.some(one => matches(one, action)),
  );

/** An action that is lacking, and where. */
interface Missing {
  readonly action: string;
  readonly on: string;
}

interface Place {
  readonly on: string;
  readonly path: string;
  readonly actions: readonly string[];
}

/** The network and the identity may be another group's, so each is asked itself. */
const placesOf = (question: Question): readonly Place[] => {
  const { connection, cluster } = question.wanted;
  const group = connection.project ?? "";
  const { subnet, podSubnet, identity } = cluster.aks ?? {};
  return [
    {
      on: `resource group ${group}`,
      path: `${subscriptionPath(question)}/resourceGroups/${group}`,
      actions: onGroup(),
    },
    ...[subnet, podSubnet].flatMap(id => placeOf("subnet", id, JOIN)),
    ...placeOf("identity", identity, ASSIGN),
  ];
};

const placeOf = (what: string, id: string | undefined, action: string): readonly Place[] =>
  id === undefined ? [] : [{ on: `${what} ${id.split("/").at(-1) ?? id}`, path: id, actions: [action] }];

interface Found {
  readonly missing: readonly Missing[];
  /** What could not be read; the rest still counts. */
  readonly said: Findings;
}

export const readMissing = async (question: Question): Promise<Found> => {
  const found = await Promise.all(placesOf(question).map(place => readPlace(question, place)));
  return {
    missing: found.flatMap(({ missing }) => missing),
    said: allOf(found.map(({ said }) => said)),
  };
};

const readPlace = async (question: Question, { on, path, actions }: Place): Promise<Found> => {
  const { answer, said } = await orDenied(`permissions on ${on}`, () =>
    list<Permission>(
      question,
      { action: "Microsoft.Authorization/permissions/read", on },
      { path: `${path}/providers/Microsoft.Authorization/permissions`, apiVersion: "2022-04-01" },
    ),
  );
  if (answer === undefined) return { missing: [], said };
  return {
    missing: actions.filter(action => !isAllowed(answer, action)).map(action => ({ action, on })),
    said,
  };
};

/** One problem for all that this run needs; what only destroying the cluster needs is said beside it. */
export const judgePermissions = ({ missing, said }: Found): Findings => {
  const now = missing.filter(({ action }) => action !== DESTROY);
  const later = missing.filter(({ action }) => action === DESTROY);
  return {
    blockers: now.length === 0 ? [] : [lacks(now)],
    warnings: [...said.warnings, ...(later.length === 0 ? [] : [lacksLater(later)])],
  };
};

const FIX = "`changeover permissions aks` prints the role; assign it to the identity that runs `pulumi up`";

const textOf = (missing: readonly Missing[]): string =>
  [...new Set(missing.map(({ on }) => on))]
    .map(place => {
      const actions = missing.filter(({ on }) => on === place).map(({ action }) => action);
      return `${actions.join(", ")} on ${place}`;
    })
    .join("; ");

const lacks = (missing: readonly Missing[]): Problem => ({
  code: "Aks.PermissionsMissing",
  path: "cluster.project",
  message: `this identity lacks ${missing.length} of the actions that the run needs: ${textOf(missing)}`,
  fix: FIX,
  source: PERMISSIONS_URL,
});

const lacksLater = (missing: readonly Missing[]): Problem => ({
  code: "Aks.PermissionsForLater",
  path: "cluster.project",
  message: `this identity lacks what \`pulumi destroy\` needs, which this run does not: ${textOf(missing)}`,
  fix: FIX,
  source: PERMISSIONS_URL,
});
