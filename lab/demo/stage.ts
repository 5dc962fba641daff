/** Where the demo speaks and hears: what it says, and when it is asked to stop. */
export interface Stage {
  /** Begins the next step. */
  heading(title: string): void;
  say(line: string): void;
  /** Aborted by the first Ctrl-C: what is under way ends cleanly, nothing new begins. */
  readonly signal: AbortSignal;
  /** Aborted by the second one. */
  readonly hurry: AbortSignal;
}

export interface Step {
  readonly title: string;
  readonly startedAt: number;
}

const clock = (ms: number): string => {
  const whole = Math.round(ms / 1000);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
};

/** Numbers the steps and stamps each with the time since the beginning. */
export const openStage = (
  write: (text: string) => void,
  signals: Pick<Stage, "signal" | "hurry">,
): Stage & { readonly steps: readonly Step[] } => {
  const startedAt = Date.now();
  const steps: Step[] = [];
  return {
    ...signals,
    steps,
    heading(title) {
      steps.push({ title, startedAt: Date.now() });
      write(`\n${steps.length}. ${title}  [${clock(Date.now() - startedAt)}]\n`);
    },
    say: line => write(`   ${line}\n`),
  };
};
