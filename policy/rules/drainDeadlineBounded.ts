import { defineRule, type Subject } from "../support/defineRule";
import { readNumber, readText, Unreadable } from "../support/read";
import { TYPES } from "../support/resources";

const DAY = 86_400;

export const drainDeadlineBounded = defineRule({
  name: "drain-deadline-bounded",
  severity: "medium",
  why: "A drain without an end hides what blocks it: each has a deadline, and not one of weeks.",
  appliesTo: [TYPES.migration, TYPES.interlock],
  config: {
    properties: {
      maxSeconds: {
        type: "number",
        default: DAY,
        minimum: 1,
        description: "The longest deadline allowed, in seconds.",
      },
    },
  },
  check: ({ props, config }) => {
    const most = readMost(config);
    const keys =
      props["gate"] === "Interlock"
        ? ["timeoutSeconds"]
        : ["drain.timeoutSeconds", "drain.deadlinePerUpSeconds"];
    return keys.flatMap(key => {
      const seconds = readNumber(props, key);
      if (seconds > 0 && seconds <= most) return [];
      return [
        `pools.${readText(props, "pool")}: ${key} is ${seconds}; allowed is above 0 and at most ${most} seconds`,
      ];
    });
  },
});

const readMost = (config: Subject["config"]): number => {
  const most = config["maxSeconds"] ?? DAY;
  if (typeof most === "number" && most > 0) return most;
  throw new Unreadable(`maxSeconds in the policy config is ${JSON.stringify(most)}, not a number above 0`);
};
