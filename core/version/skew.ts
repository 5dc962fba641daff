import type { Problem } from "../problem";
import { addMinors, compareMinor, formatVersion, type KubeVersion, minorText } from "./kubeVersion";

export const SKEW_POLICY_URL = "https://kubernetes.io/releases/version-skew-policy/";

/** One kubelet against the API servers it may meet while a step runs. */
export interface KubeletSkew {
  /** Who runs the kubelet, as the user knows it: a node or a pool. */
  readonly subject: string;
  readonly path: string;
  readonly kubelet: KubeVersion;
  /** The oldest API version served during the step: with emulation, the emulated one. No kubelet may be newer. */
  readonly oldest: KubeVersion;
  /** The newest API server during the step. No kubelet may trail it by more than `mayTrail`. */
  readonly newest: KubeVersion;
  /** Minors that a kubelet may be older; a fact of the cloud. */
  readonly mayTrail: number;
}

/** Both directions of the kubelet's skew rule. */
export const checkKubeletSkew = (skew: KubeletSkew): Problem | undefined =>
  checkNewer(skew) ?? checkOlder(skew);

/** A kubelet may never be newer than an API server it talks to. */
export const checkNewer = ({ subject, path, kubelet, oldest }: KubeletSkew): Problem | undefined =>
  compareMinor(kubelet, oldest) <= 0
    ? undefined
    : {
        code: "Skew.KubeletNewer",
        path,
        message: `${subject} runs kubelet ${formatVersion(kubelet)} while the API would be ${minorText(oldest)}; a kubelet may never be newer`,
        fix: `move ${subject} to ${minorText(oldest)} or older first, in its own \`up\`; the control plane comes after`,
        source: SKEW_POLICY_URL,
      };

/** A kubelet may trail the newest API server by a few minors only. */
export const checkOlder = ({ subject, path, kubelet, newest, mayTrail }: KubeletSkew): Problem | undefined =>
  kubelet.major === newest.major && newest.minor - kubelet.minor <= mayTrail
    ? undefined
    : {
        code: "Skew.KubeletTooOld",
        path,
        message: `${subject} runs kubelet ${formatVersion(kubelet)} while the control plane would run ${minorText(newest)}; a kubelet may trail by ${mayTrail} minors`,
        fix: `move ${subject} to ${minorText(addMinors(newest, -mayTrail))} or newer first`,
        source: SKEW_POLICY_URL,
      };
