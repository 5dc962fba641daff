import { readFileSync } from "node:fs";
import { labStatus } from "../../lab";
import { describeSimulator } from "../../lab/simulator/config";
import { LAB } from "./arena";

const FLAG = /^--(kube-api-qps|kube-api-burst|max-requests-inflight|max-mutating-requests-inflight)=/;

const flagsOf = (pid: number | undefined): readonly string[] => {
  try {
    return readFileSync(`/proc/${pid ?? 0}/cmdline`, "utf8")
      .split("\0")
      .filter(argument => FLAG.test(argument));
  } catch {
    return [];
  }
};

/** What the platform allows itself, read off its running processes: numbers mean little without it. */
export const describeLimits = (): readonly string[] => {
  const roles = labStatus(LAB).processes.flatMap(({ role, pid }) => {
    const flags = flagsOf(pid);
    return flags.length === 0 ? [] : [`${role} ${flags.join(" ")}`];
  });
  const kwok = /"podPlayStageParallelism":(\d+)/.exec(describeSimulator())?.[1] ?? "unknown";
  return [...roles, `kwok: ${kwok} pods at once`];
};
