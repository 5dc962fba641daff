import type { CommandResult } from "../../../operations/drain/commandDrain";
import type { DrainOutcome } from "../../../operations/drain/drainNodes";

/** Each says where the workloads are now. */
export const EXIT = {
  drained: 0,
  error: 1,
  refused: 2,
  held: 3,
  notFinished: 4,
  rolledBack: 5,
} as const;

export const EXIT_CODES = `
Exit codes:
  0  drained; with --abort: given back; with --dry-run: nothing forbids it
  1  error: bad flags, no connection, credentials refused
  2  refused before anything was changed; every reason is printed
  3  another run holds the cluster's lease, or took it
  4  not finished: blocked, out of time, or stopped. Blue is alive; the same
     command goes on, --abort gives the nodes back
  5  rolled back: the workloads are on blue again
  130  left at once by a second Ctrl-C`;

const OF_OUTCOME: Readonly<Record<DrainOutcome["kind"], number>> = {
  drained: EXIT.drained,
  blocked: EXIT.notFinished,
  paused: EXIT.notFinished,
  stopped: EXIT.notFinished,
  rollback: EXIT.notFinished,
  lostLease: EXIT.held,
};

const ended = ({ way, outcome }: Extract<CommandResult, { kind: "ended" }>): number =>
  way === "rollback" && outcome.kind === "drained" ? EXIT.rolledBack : OF_OUTCOME[outcome.kind];

const trialsRefused = ({ trials }: Extract<CommandResult, { kind: "planned" }>): boolean =>
  trials.some(({ verdict }) => verdict === "refused");

export const exitCodeOf = (result: CommandResult): number => {
  switch (result.kind) {
    case "refused":
      return result.reached ? EXIT.refused : EXIT.error;
    case "planned":
      return trialsRefused(result) ? EXIT.refused : EXIT.drained;
    case "held":
      return EXIT.held;
    case "stopped":
      return EXIT.notFinished;
    case "givenBack":
      return EXIT.drained;
    case "ended":
      return ended(result);
  }
};
