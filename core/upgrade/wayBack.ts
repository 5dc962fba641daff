import { addMinors, compareMinor, minorText, parseKubeVersion } from "../version/kubeVersion";
import type { Ledger } from "./ledgerRecord";

/** How a cloud lets a control plane go back: while it emulates the old minor, some days after an upgrade, or not at all. */
export type ControlPlaneBack = "emulated" | "none" | { readonly withinDays: number };

/** A minor that a final control plane may go back to, and until when (ISO time). */
export interface WayBack {
  readonly to: string;
  readonly until: string;
}

const DAY_MS = 86_400_000;

/** The way back of the upgrade that the ledger saw last, open or closed; undefined = the cloud or the ledger has none. */
export const wayBackOf = (reached: Ledger["reached"], back: ControlPlaneBack): WayBack | undefined => {
  if (typeof back === "string" || reached?.from === undefined || reached.at === undefined) return undefined;
  const [from, to] = [parseKubeVersion(reached.from), parseKubeVersion(reached.version)];
  if (!from.ok || !to.ok || compareMinor(addMinors(from.value, 1), to.value) !== 0) return undefined;
  const until = new Date(Date.parse(reached.at) + back.withinDays * DAY_MS).toISOString();
  return { to: minorText(from.value), until };
};

/** @param now ISO time */
export const isOpen = ({ until }: WayBack, now: string): boolean => Date.parse(now) < Date.parse(until);
