import { defineRule } from "../support/defineRule";
import { readFlag, readText } from "../support/read";
import { TYPES } from "../support/resources";

export const protectRequired = defineRule({
  name: "protect-required",
  severity: "high",
  why: "Where the stack says so, the engine itself refuses to delete a generation that serves or was not released.",
  appliesTo: [TYPES.generation],
  config: {
    properties: {
      everywhere: {
        type: "boolean",
        default: false,
        description: "Ask for protection of every generation, also where the stack does not.",
      },
    },
  },
  check: ({ props, config }) => {
    const required = readFlag(props, "requireProtect") || config["everywhere"] === true;
    if (!required) return { notApplicable: "neither the stack nor the policy config asks for protection" };
    if (readFlag(props, "protect")) return [];
    const pool = readText(props, "pool");
    return [
      `${readText(props, "generation")} is not protected; set pools.${pool}.strategy.kind: staged and leave protect on`,
    ];
  },
});
