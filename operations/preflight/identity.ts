import type { Problem } from "../../core/problem";
import type { Findings } from "../ports";

/** How long one run may take, in seconds. */
export interface RunLength {
  readonly least: number;
  readonly most: number;
}

const minutes = (seconds: number): string => `${String(Math.ceil(seconds / 60))} min`;

/**
 * Credentials that end in the middle of a run leave it half-done with nobody who may go on: refused where they can't
 * outlast the shortest run, and said where they may not outlast the longest.
 *
 * @param ends ISO time at which nothing renews them any more.
 */
export const checkIdentityLasts = (ends: string | undefined, run: RunLength, now: number): Findings => {
  const left = ends === undefined ? Infinity : (Date.parse(ends) - now) / 1000;
  if (left >= run.most) return { blockers: [], warnings: [] };
  const problem = (message: string): Problem => ({
    code: "Preflight.CredentialsEnd",
    path: "environment",
    message: `the cloud credentials end at ${ends ?? ""}; ${message}`,
    fix: "log in again for long enough, or let a role renew them, before `pulumi up`",
  });
  return left < run.least
    ? { blockers: [problem(`this run takes at least ${minutes(run.least)}`)], warnings: [] }
    : {
        blockers: [],
        warnings: [
          problem(
            `this run may take up to ${minutes(run.most)} by its own deadlines, and one that is cut off goes on with the next \`pulumi up\``,
          ),
        ],
      };
};
