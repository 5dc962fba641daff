import type { CapacityProof } from "../capacity";
import { compareText } from "../scope";
import { type Finding, groupRemarks, type Severity } from "./finding";
import { unsafeBackends } from "./loadBalancers";
import type { CapacityFindings } from "./planCapacity";
import type { PlanPod, ServiceFact } from "./planFacts";

const REASONS_SHOWN = 3;

const reasonsOf = ({ reasons }: CapacityProof): string => {
  const more = reasons.length - REASONS_SHOWN;
  return [...reasons.slice(0, REASONS_SHOWN), ...(more > 0 ? [`${more} more reasons`] : [])].join("; ");
};

const about = (
  proof: CapacityProof,
  said: { readonly severity: Severity; readonly code: string; readonly fix: string },
): Finding => ({ ...said, message: reasonsOf(proof), subjects: proof.homeless ?? [] });

const ROOM = "add nodes that can take them, or loosen what pins these pods";

const room = ({ capacity, anywhere }: CapacityFindings): readonly Finding[] => {
  if (capacity.verdict === "FITS") return [];
  if (anywhere.verdict === "IMPOSSIBLE")
    return [about(anywhere, { severity: "fatal", code: "CAPACITY_IMPOSSIBLE", fix: ROOM })];
  if (capacity !== anywhere)
    return [about(capacity, { severity: "warning", code: "TARGET_TOO_SMALL", fix: ROOM })];
  return [
    about(capacity, {
      severity: "warning",
      code: "CAPACITY_UNPROVEN",
      fix: "go on in steps, and watch for pods that stay Pending",
    }),
  ];
};

const trapped = ({ capacity }: CapacityFindings): readonly Finding[] =>
  capacity.trapped === undefined
    ? []
    : [
        {
          severity: "warning",
          code: "SPREAD_TRAP",
          message:
            "their topology spread counts the emptied nodes as free places, so successors stay Pending",
          fix: "set nodeTaintsPolicy: Honor in the constraint, or allow emptied Node objects to be deleted early (--delete-empty-nodes)",
          subjects: capacity.trapped,
        },
      ];

const pendingBefore = ({ pending }: CapacityFindings): readonly Finding[] =>
  pending.length === 0
    ? []
    : [
        {
          severity: "info",
          code: "PENDING_BEFORE",
          message: "the scheduler finds no node for these already; they are not part of the proof",
          fix: "",
          subjects: [...pending].sort(compareText),
        },
      ];

const preempting = ({ preemptors }: CapacityFindings): readonly Finding[] =>
  preemptors.length === 0
    ? []
    : [
        {
          severity: "warning",
          code: "WOULD_PREEMPT",
          message:
            "there is no free room for these; the scheduler would remove pods of lower priority for them",
          fix: ROOM,
          subjects: [...preemptors].sort(compareText),
        },
      ];

/** Where the pods would go, and what may go wrong there. */
export const capacityFindings = (found: CapacityFindings): readonly Finding[] => [
  ...room(found),
  ...trapped(found),
  ...preempting(found),
  ...pendingBefore(found),
];

/** Services whose load balancers would send to pods that are gone. */
export const loadBalancerFindings = (
  services: readonly ServiceFact[],
  moving: readonly PlanPod[],
): readonly Finding[] => {
  const unsafe = unsafeBackends(services, moving);
  return [...Map.groupBy(unsafe, ({ message }) => message)].flatMap(([message, group]) =>
    groupRemarks(
      group.map(({ service }) => ({
        code: "LB_UNSAFE",
        message,
        fix: "enable pod readiness gates in the namespace, and a preStop sleep and grace period beyond the deregistration delay",
        subject: service,
      })),
      () => "warning",
    ),
  );
};
