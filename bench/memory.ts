import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { labStatus } from "../lab";
import type { Row } from "./row";

const MEGABYTES = 1_200;

/** Resident memory of all processes of a lab; pages that several share count several times. */
export const readMemory = async (lab: string): Promise<Row> => {
  const pids = labStatus(lab).processes.flatMap(({ pid }) => pid ?? []);
  const { stdout } = await promisify(execFile)("ps", ["-o", "rss=", "-p", pids.join(",")]);
  const kilobytes = stdout.trim().split("\n").map(Number);
  if (pids.length === 0 || kilobytes.length !== pids.length) throw new Error(`lab ${lab} does not run whole`);
  const sum = kilobytes.reduce((total, one) => total + one, 0);
  return { what: "memory of the lab, shop running", unit: "MB", values: [sum / 1024], atMost: MEGABYTES };
};
