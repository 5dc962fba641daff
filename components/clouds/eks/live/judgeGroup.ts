import type { Nodegroup } from "@aws-sdk/client-eks";
import type { Problem } from "../../../../core/problem";

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

const linux: Judge = group =>
  !/^WINDOWS/.test(group.amiType ?? "")
    ? undefined
    : {
        code: "Adopt.EksWindows",
        path: pathOf(group),
        message: `its image is ${group.amiType ?? ""}; Windows nodes are not drained or proven by changeover`,
        fix: "leave it out by naming the others",
      };

const knownImage: Judge = group =>
  group.amiType !== "CUSTOM"
    ? undefined
    : {
        code: "Adopt.EksOwnImage",
        path: pathOf(group),
        message: `its launch template ${templateOf(group)} names an AMI of its own; nothing says which kubelet that brings`,
        fix: "leave it out by naming the others, or move its workloads to a group with one of EKS's AMI types",
      };

const templateOf = ({ launchTemplate }: Nodegroup): string =>
  launchTemplate?.name ?? launchTemplate?.id ?? "";

const oneMachine: Judge = group =>
  group.instanceTypes?.length === 1
    ? undefined
    : {
        code: "Adopt.EksManyMachines",
        path: pathOf(group),
        message: `${machinesOf(group)}; a pool has one machine type of its own, so that the same config always means the same nodes`,
        fix: "leave it out by naming the others, or move its workloads to a group of one type",
      };

const machinesOf = (group: Nodegroup): string =>
  group.instanceTypes === undefined || group.instanceTypes.length === 0
    ? `its launch template ${templateOf(group)} names its machine type`
    : `it may take any of ${group.instanceTypes.join(", ")}`;

const nothingLost: Judge = group =>
  group.remoteAccess === undefined
    ? undefined
    : {
        code: "Adopt.EksWouldBeLost",
        path: pathOf(group),
        message: "the next generation would be without its remoteAccess: config has no word for it",
        fix: "leave it out by naming the others, or bring ssh access by a launch template",
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

const JUDGES: readonly Judge[] = [atRest, linux, knownImage, oneMachine, nothingLost];

/** All that stands against taking over a node group: what changeover can't make, and what it would lose unsaid. */
export const judgeGroup = (group: Nodegroup, role: string): readonly Problem[] =>
  [...JUDGES.map(judge => judge(group)), sameRole(group, role)].flatMap(problem => problem ?? []);
