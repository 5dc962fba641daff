import type { Problem } from "../../core/problem";
import type { SeenProcess } from "../process/launch";
import type { ControlPlaneSpec } from "./spec";

/** What an apiserver was last started as. */
export interface ApiserverVersion {
  readonly binary: string;
  readonly emulated?: string;
}

const SKEW_POLICY = "https://kubernetes.io/releases/version-skew-policy/#kube-apiserver";
const EXACT = /^1\.(\d+)\.\d+$/;
const MINOR = /^1\.(\d+)$/;

const minorOf = (text: string): number => Number(text.split(".")[1]);

/** The minor whose API a server shows: what it may write to etcd. */
const shownMinor = ({ binary, emulated }: ApiserverVersion): number => minorOf(emulated ?? binary);

const problem = (code: Problem["code"], path: string, text: Pick<Problem, "message" | "fix">): Problem => ({
  code,
  path,
  ...text,
  source: SKEW_POLICY,
});

/** The spec by itself: written as it must be, and emulating no more than one minor back. */
export const checkSpec = (spec: ControlPlaneSpec): readonly Problem[] => {
  const { version, emulated } = spec;
  if (!EXACT.test(version)) {
    const message = `"${version}" is not an exact version`;
    return [{ code: "ControlPlane.BadVersion", path: "version", message, fix: 'write it like "1.36.4"' }];
  }
  if (emulated === undefined) return [];
  const back = MINOR.test(emulated) ? minorOf(version) - minorOf(emulated) : Number.NaN;
  if (back === 0 || back === 1) return [];
  const allowed = `"1.${minorOf(version) - 1}"`;
  const message = `"${emulated}" cannot be emulated by ${version} here; allowed is ${allowed}`;
  return [
    { code: "ControlPlane.BadEmulation", path: "emulated", message, fix: `use ${allowed}, or leave it out` },
  ];
};

export const apiserverVersions = (seen: readonly (SeenProcess | undefined)[]): readonly ApiserverVersion[] =>
  seen.flatMap(found => {
    const binary = found?.order.note?.["version"];
    const emulated = found?.order.note?.["emulated"];
    return binary === undefined ? [] : [emulated === undefined ? { binary } : { binary, emulated }];
  });

const checkForward = (spec: ControlPlaneSpec, lowest: number): readonly Problem[] => {
  const shown = shownMinor({ ...spec, binary: spec.version });
  const binary = minorOf(spec.version);
  const furthest = Math.max(shown, binary);
  if (furthest <= lowest + 1) return [];
  return [
    problem("ControlPlane.SkippedMinor", "version", {
      message: `from 1.${lowest} to ${spec.version} skips ${furthest - lowest - 1} minor(s); an apiserver goes one minor at a time`,
      fix: `go to 1.${lowest + 1} first`,
    }),
  ];
};

const checkBack = (spec: ControlPlaneSpec, reached: number): readonly Problem[] => {
  const shown = shownMinor({ ...spec, binary: spec.version });
  if (shown >= reached || (spec.takeBack === true && shown === reached - 1)) return [];
  return [
    problem("ControlPlane.Downgrade", "version", {
      message: `1.${reached} has been reached and may have written what 1.${shown} cannot read; going back is possible only while 1.${reached} is emulated`,
      fix: `stay at 1.${reached}, or restore a snapshot taken before`,
    }),
  ];
};

/**
 * Whether apiservers may go from what was last started to `spec`: no minor skipped, nothing below what was reached.
 * Both servers are looked at, since an interrupted change leaves two versions.
 */
export const checkMove = (from: readonly ApiserverVersion[], spec: ControlPlaneSpec): readonly Problem[] => {
  const malformed = checkSpec(spec);
  if (malformed.length > 0 || from.length === 0) return malformed;
  const reached = Math.max(...from.map(shownMinor));
  const lowest = Math.min(...from.map(version => minorOf(version.binary)));
  return [...checkForward(spec, lowest), ...checkBack(spec, reached)];
};
