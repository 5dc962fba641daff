import type { ProcessOrder, SeenProcess } from "../process/launch";
import {
  APISERVERS,
  BALANCER,
  CONTROLLER_MANAGER,
  ETCD,
  ROLES,
  SCHEDULER,
  type Apiserver,
  type Role,
} from "./roles";

/** One thing to do; an executor that does them in order needs no other decision. */
export type PlaneStep =
  | { readonly kind: "start"; readonly role: Role; readonly why: "missing" | "dead" }
  | { readonly kind: "restart"; readonly role: Role }
  | { readonly kind: "roll"; readonly role: Apiserver };

export type Seen = Readonly<Partial<Record<Role, SeenProcess>>>;
export type Orders = Readonly<Record<Role, ProcessOrder>>;

/** Where the program lies, and what is noted beside it, may differ without the process being another one. */
const sameOrder = (a: ProcessOrder, b: ProcessOrder): boolean => {
  const essence = ({ program, args, env, port }: ProcessOrder): string =>
    JSON.stringify([program, args, env ?? {}, port]);
  return essence(a) === essence(b);
};

const stepFor = (role: Role, seen: Seen, orders: Orders): PlaneStep | undefined => {
  const found = seen[role];
  if (found === undefined) return { kind: "start", role, why: "missing" };
  if (!found.alive) return { kind: "start", role, why: "dead" };
  if (sameOrder(found.order, orders[role])) return undefined;
  return { kind: "restart", role };
};

const minorOf = (order: ProcessOrder): number =>
  Number(order.program.split("@")[1]?.split(".")[1] ?? Number.NaN);

/** Controllers may never be newer than an apiserver: going up they come last, going back they go first. */
const controllersFirst = (seen: Seen, orders: Orders): boolean =>
  [CONTROLLER_MANAGER, SCHEDULER].some(role => {
    const found = seen[role as Role];
    return found?.alive === true && minorOf(found.order) > minorOf(orders[role as Role]);
  });

/**
 * From what runs to what should run. Dead apiservers are started before a living one is touched, and a living one is
 * rolled, never just restarted, so that one of the two always answers.
 */
export const planConvergence = (
  seen: Seen,
  orders: Orders,
  roles: readonly Role[] = ROLES,
): readonly PlaneStep[] => {
  const steps = new Map<Role, PlaneStep>();
  for (const role of roles) {
    const step = stepFor(role, seen, orders);
    if (step !== undefined) steps.set(role, step);
  }
  const take = (role: Role): PlaneStep[] => [steps.get(role)].filter(step => step !== undefined);
  const controllers = [...take(CONTROLLER_MANAGER), ...take(SCHEDULER)];
  const early = controllersFirst(seen, orders);
  const apiservers = APISERVERS.flatMap(role => take(role));
  const starts = apiservers.filter(step => step.kind === "start");
  const rolls = APISERVERS.filter(role => steps.get(role)?.kind === "restart").map(
    role => ({ kind: "roll", role }) as const,
  );
  return [
    ...take(ETCD),
    ...starts,
    ...take(BALANCER),
    ...(early ? controllers : []),
    ...rolls,
    ...(early ? [] : controllers),
  ];
};

/** Which of them may go at once: dead servers come up together, a roll is always alone. */
export const phasesOf = (steps: readonly PlaneStep[]): readonly (readonly PlaneStep[])[] => {
  const phases: PlaneStep[][] = [];
  for (const step of steps) {
    const last = phases.at(-1);
    if (last?.[0] !== undefined && groupOf(last[0]) === groupOf(step) && groupOf(step) !== undefined)
      last.push(step);
    else phases.push([step]);
  }
  return phases;
};

const groupOf = (step: PlaneStep): string | undefined => {
  if (step.role === ETCD || step.kind === "roll") return undefined;
  return step.role === CONTROLLER_MANAGER || step.role === SCHEDULER ? "controllers" : "front";
};

export const describeStep = (step: PlaneStep): string => {
  switch (step.kind) {
    case "start":
      return step.why === "dead" ? `start ${step.role} again (it died)` : `start ${step.role}`;
    case "restart":
      return `restart ${step.role} (its command line changed)`;
    case "roll":
      return `roll ${step.role}`;
  }
};
