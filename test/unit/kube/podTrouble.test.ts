import { isPreempted, troubleOf } from "../../../kube/podTrouble";

const waiting = (reason: string) => ({ state: { waiting: { reason } } });
const ended = (exitCode: number, reason?: string) => ({
  state: { terminated: { exitCode, ...(reason === undefined ? {} : { reason }) } },
});

it.each([
  ["one that starts as every container does", [waiting("ContainerCreating")], undefined],
  ["one that waits for its init containers", [waiting("PodInitializing")], undefined],
  ["one that crashes", [waiting("CrashLoopBackOff")], "CrashLoopBackOff"],
  ["one whose image cannot be pulled", [waiting("ImagePullBackOff")], "ImagePullBackOff"],
  ["one that ended well", [ended(0, "Completed")], undefined],
  ["one that ended badly", [ended(137, "OOMKilled")], "OOMKilled"],
  ["one that ended badly without a word", [ended(1)], "Error"],
  ["a good one beside a bad one", [{ state: {} }, waiting("ErrImagePull")], "ErrImagePull"],
  ["none at all", [], undefined],
])("trouble of %s", (_title, containerStatuses, trouble) => {
  expect(troubleOf({ containerStatuses })).toBe(trouble);
  expect(troubleOf({ initContainerStatuses: containerStatuses })).toBe(trouble);
});

it.each([
  ["PreemptionByScheduler", "True", true],
  ["PreemptionByScheduler", "False", false],
  ["EvictionByEvictionAPI", "True", false],
])("a disruption target by %s, %s", (reason, status, expected) => {
  expect(isPreempted({ conditions: [{ type: "DisruptionTarget", reason, status }] })).toBe(expected);
});
