import type { Nodegroup } from "@aws-sdk/client-eks";
import type { Problem } from "../../../../core/problem";

/** What EKS gives a node group that says nothing (API_CreateNodegroup: diskSize). */
const DISK_GIB = 20;

const pathOf = ({ nodegroupName = "" }: Nodegroup): string => `node group ${nodegroupName}`;

type Judge = (group: Nodegroup) => Problem | undefined;

const atRest: Judge = group =>
  group.status === "ACTIVE"
    ? undefined
    : {
        code: "Adopt.EksGroupNotActive",
        path: pathOf(group),
        message: `it is ${group.status ?? "in an unknown state"}; only a group at rest, ACTIVE, is taken over`,
        fix: "wait for the end of its update, or mend it; then run this again",
      };

const onDemand: Judge = group =>
  (group.capacityType ?? "ON_DEMAND") === "ON_DEMAND"
    ? undefined
    : {
        code: "Adopt.EksSpot",
        path: pathOf(group),
        message: `its machines are ${group.capacityType ?? ""}; changeover makes on-demand ones only`,
        fix: "leave it out by naming the others, or move its workloads to an on-demand group",
      };

const linux: Judge = group =>
  !/^WINDOWS/.test(group.amiType ?? "")
    ? undefined
    : {
        code: "Adopt.EksWindows",
        path: pathOf(group),
        message: `its image is ${group.amiType ?? ""}; Windows nodes are not drained or proven by changeover`,
        fix: "leave it out by naming the others",
      };

const plainImage: Judge = group =>
  group.launchTemplate === undefined && group.amiType !== "CUSTOM"
    ? undefined
    : {
        code: "Adopt.EksLaunchTemplate",
        path: pathOf(group),
        message: `its machines come from launch template ${group.launchTemplate?.name ?? group.launchTemplate?.id ?? ""} (AMI type ${group.amiType ?? "unknown"}); the next generation would be without what is in it`,
        fix: "leave it out by naming the others; launch templates are not built yet",
      };

const oneMachine: Judge = group =>
  group.launchTemplate !== undefined || group.instanceTypes?.length === 1
    ? undefined
    : {
        code: "Adopt.EksManyMachines",
        path: pathOf(group),
        message: `it may take any of ${(group.instanceTypes ?? []).join(", ")}; a pool has one machine type, so that the same config always means the same nodes`,
        fix: "leave it out by naming the others, or move its workloads to a group of one type",
      };

const nothingLost: Judge = group => {
  const lost = [
    ...(group.launchTemplate === undefined && (group.diskSize ?? DISK_GIB) !== DISK_GIB
      ? [`diskSize ${group.diskSize ?? 0} GiB`]
      : []),
    ...(group.remoteAccess === undefined ? [] : ["remoteAccess"]),
  ];
  return lost.length === 0
    ? undefined
    : {
        code: "Adopt.EksWouldBeLost",
        path: pathOf(group),
        message: `the next generation would be without its ${lost.join(" and ")}: config has no word for it`,
        fix: "leave it out by naming the others",
      };
};

const sameRole = (group: Nodegroup, role: string): Problem | undefined =>
  group.nodeRole === role
    ? undefined
    : {
        code: "Adopt.EksOtherRole",
        path: pathOf(group),
        message: `its nodes act as ${group.nodeRole ?? "nobody"}, those of the others as ${role}; config has one role for all`,
        fix: "leave it out by naming the others, or give both the same role",
      };

const JUDGES: readonly Judge[] = [atRest, onDemand, linux, plainImage, oneMachine, nothingLost];

/** All that stands against taking over a node group: what changeover can't make, and what it would lose unsaid. */
export const judgeGroup = (group: Nodegroup, role: string): readonly Problem[] =>
  [...JUDGES.map(judge => judge(group)), sameRole(group, role)].flatMap(problem => problem ?? []);
