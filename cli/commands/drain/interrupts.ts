/** How far the user's wish to stop has come, and since when (milliseconds). */
export interface Patience {
  readonly stage: "running" | "stopping" | "left";
  readonly since: number;
}

export interface Reaction {
  readonly patience: Patience;
  /** stop: no new evictions, wait for what is under way; leave: end the program now. */
  readonly act: "none" | "stop" | "leave";
}

/** One Ctrl-C may arrive twice: the terminal tells the whole process group, and npx tells its child once more. */
const SAME_PRESS_MS = 300;

/** The first Ctrl-C asks, the second insists, more change nothing. */
export const onInterrupt = (patience: Patience, now: number): Reaction => {
  switch (patience.stage) {
    case "running":
      return { patience: { stage: "stopping", since: now }, act: "stop" };
    case "stopping":
      return now - patience.since < SAME_PRESS_MS
        ? { patience, act: "none" }
        : { patience: { stage: "left", since: now }, act: "leave" };
    case "left":
      return { patience, act: "none" };
  }
};

export interface InterruptPorts {
  readonly on: (hear: () => void) => void;
  readonly off: (hear: () => void) => void;
  readonly now: () => number;
  readonly say: (line: string) => void;
  readonly leave: () => void;
}

const STOPPING = "stopping: no new evictions; waiting for pods on their way out. Ctrl-C again leaves at once";

/** Runs work that the first interrupt asks to stop and the second leaves behind. */
export const withInterrupts = async <T>(
  ports: InterruptPorts,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> => {
  const controller = new AbortController();
  let patience: Patience = { stage: "running", since: ports.now() };
  const hear = (): void => {
    const reaction = onInterrupt(patience, ports.now());
    patience = reaction.patience;
    if (reaction.act === "stop") {
      ports.say(STOPPING);
      controller.abort(new Error("it was stopped by Ctrl-C"));
    }
    if (reaction.act === "leave") ports.leave();
  };
  ports.on(hear);
  try {
    return await work(controller.signal);
  } finally {
    ports.off(hear);
  }
};
