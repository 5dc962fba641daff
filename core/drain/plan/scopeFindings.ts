import { compareText, isSelected } from "../scope";
import type { Finding } from "./finding";
import { canTake } from "./planCapacity";
import type { PlanFacts, PlanRequest } from "./planFacts";
import type { PlanScope } from "./planScope";

interface Asked {
  readonly facts: PlanFacts;
  readonly request: PlanRequest;
  readonly scope: PlanScope;
}

type Check = (asked: Asked) => readonly Finding[];

const fatal = (
  code: string,
  subjects: readonly string[],
  said: { readonly message: string; readonly fix: string },
): readonly Finding[] => [{ severity: "fatal", code, ...said, subjects: [...subjects].sort(compareText) }];

const missingNodes: Check = ({ facts, request: { nodes } }) => {
  if (!("names" in nodes)) return [];
  const known = new Set(facts.nodes.map(({ name }) => name));
  const missing = nodes.names.filter(name => !known.has(name));
  return missing.length === 0
    ? []
    : fatal("NODE_NOT_FOUND", missing, {
        message: "there are no such nodes",
        fix: "look for the name with `kubectl get nodes`",
      });
};

const nothingSelected: Check = ({ facts, request: { nodes }, scope }) =>
  scope.selected.length > 0 || ("names" in nodes && nodes.names.length > 0)
    ? []
    : fatal("NO_NODE_SELECTED", [], {
        message: `the selection matches none of ${facts.nodes.length} nodes`,
        fix: "look at the labels with `kubectl get nodes --show-labels`",
      });

const nothingLeft: Check = ({ facts, scope }) => {
  if (scope.blue.length === 0) return [];
  if (facts.nodes.every(({ name }) => scope.names.has(name)))
    return fatal("ALL_NODES_SELECTED", [], {
      message: `all ${facts.nodes.length} nodes are to be emptied: nothing is left to take their pods`,
      fix: "select fewer nodes, or add others first",
    });
  return facts.nodes.some(node => canTake(node, scope.names))
    ? []
    : fatal("NO_NODE_LEFT", [], {
        message: "no node that stays is Ready and schedulable",
        fix: "add nodes, or uncordon those that are to take the pods",
      });
};

const blueIsGreen: Check = ({ facts, request: { to }, scope }) => {
  if (to === undefined) return [];
  const both = facts.nodes.filter(node => scope.names.has(node.name) && isSelected(node, to));
  return both.length === 0
    ? []
    : fatal(
        "SOURCE_IS_TARGET",
        both.map(({ name }) => name),
        {
          message: "these nodes are to be emptied and to take the pods",
          fix: "let the two selections differ",
        },
      );
};

const noTarget: Check = ({ facts, request: { to }, scope }) => {
  if (to === undefined) return [];
  const targets = facts.nodes.filter(node => isSelected(node, to) && !scope.names.has(node.name));
  if (targets.some(node => canTake(node, scope.names))) return [];
  return fatal(
    "NO_TARGET_NODE",
    targets.map(({ name }) => name),
    {
      message:
        targets.length === 0
          ? "no node matches the target"
          : "no node of the target is Ready and schedulable",
      fix: "correct the target, or make its nodes ready and uncordon them",
    },
  );
};

const unread: Check = ({ facts: { unread: kinds = [] } }) =>
  kinds.length === 0
    ? []
    : [
        {
          severity: "warning",
          code: "NOT_READ",
          message: "these could not be read, so the plan does not know of them",
          fix: "allow the drain to list them",
          subjects: [...kinds].sort(compareText),
        },
      ];

const CHECKS: readonly Check[] = [missingNodes, nothingSelected, nothingLeft, blueIsGreen, noTarget, unread];

/** What is wrong with the question itself. */
export const scopeFindings = (asked: Asked): readonly Finding[] => CHECKS.flatMap(check => check(asked));
