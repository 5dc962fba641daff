import { useSites } from "./benchSites";
import { budgetCases } from "./budgets";
import { deadlineCases } from "./deadline";
import { doNotDisruptCases } from "./doNotDisrupt";
import { forceCases } from "./force";
import { leaseCases } from "./lease";
import { nodeCases } from "./nodes";
import { roomCases } from "./room";
import { surgeCases } from "./surge";
import { volumeCases } from "./volumes";
import { watchfulnessCases } from "./watchfulness";

/** Cases 55 to 108 of the checklist that a real API server can show: docs/drain-cases.md. */
const bench = useSites("late");

surgeCases(bench);
watchfulnessCases(bench);
forceCases(bench);
deadlineCases(bench);
doNotDisruptCases(bench);
nodeCases(bench);
volumeCases(bench);
budgetCases(bench);
roomCases(bench);
leaseCases(bench);
