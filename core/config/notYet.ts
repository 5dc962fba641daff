import type { Problem } from "../problem";
import type { GuardsSpec } from "./guards";
import type { WindowSpec } from "./window";

interface Promised {
  readonly guards: GuardsSpec;
  readonly window: WindowSpec;
}

/** Settings whose meaning is fixed but which nothing keeps yet. A promise that is not kept is worse than a refusal. */
export const checkBuilt = (stack: Promised): readonly Problem[] => [
  ...unless(stack.guards.prometheus === undefined && Object.keys(stack.guards.slis).length === 0, "guards"),
  ...unless(stack.window.allow.length === 0 && stack.window.freeze.length === 0, "window"),
];

const unless = (fine: boolean, path: string): Problem[] =>
  fine
    ? []
    : [
        {
          code: "Config.NotYet",
          path,
          message:
            "this setting is understood but not kept by this release, so it is refused instead of ignored",
          fix: "remove it for now",
        },
      ];
