import fc from "fast-check";
import {
  describeStep,
  phasesOf,
  planConvergence,
  type Orders,
  type PlaneStep,
  type Seen,
} from "../../../../controlplane/plane/plan";
import { APISERVERS, ROLES, rolesWith, type Role } from "../../../../controlplane/plane/roles";
import type { ProcessOrder, SeenProcess } from "../../../../controlplane/process/launch";

const versioned = (role: Role): boolean => role.startsWith("kube-");

const orderOf = (role: Role, version: string): ProcessOrder => ({
  role,
  program: versioned(role) ? `${role}@${version}` : `${role}@1`,
  command: `/bin/${role}`,
  args: [`--version=${versioned(role) ? version : "1"}`],
  port: 1,
});

const ordersFor = (version: string): Orders =>
  Object.fromEntries(ROLES.map(role => [role, orderOf(role, version)])) as Orders;

const running = (role: Role, version: string): SeenProcess => ({
  order: orderOf(role, version),
  identity: { pid: 2, started: "1" },
  alive: true,
});

const seenAt = (version: string): Seen =>
  Object.fromEntries(ROLES.map(role => [role, running(role, version)]));
const dead = (seen: Seen, ...roles: Role[]): Seen => ({
  ...seen,
  ...Object.fromEntries(roles.map(role => [role, { ...seen[role], alive: false }])),
});
const rolesOf = (steps: readonly PlaneStep[]): readonly string[] =>
  steps.map(({ kind, role }) => `${kind} ${role}`);

describe("planConvergence", () => {
  it("starts one API server where there is to be one", () => {
    expect(rolesOf(planConvergence({}, ordersFor("1.35.8"), rolesWith(1)))).toEqual([
      "start etcd",
      "start kube-apiserver-a",
      "start balancer",
      "start kube-controller-manager",
      "start kube-scheduler",
    ]);
  });

  it("starts everything from nothing, etcd first and controllers last", () => {
    expect(rolesOf(planConvergence({}, ordersFor("1.35.8")))).toEqual([
      "start etcd",
      "start kube-apiserver-a",
      "start kube-apiserver-b",
      "start balancer",
      "start kube-controller-manager",
      "start kube-scheduler",
    ]);
  });

  it("does nothing when all runs as wanted", () => {
    expect(planConvergence(seenAt("1.35.8"), ordersFor("1.35.8"))).toEqual([]);
  });

  it("takes a program that moved to another folder for the same", () => {
    const orders = ordersFor("1.35.8");
    const moved: Orders = { ...orders, etcd: { ...orders.etcd, command: "/elsewhere/etcd" } };
    expect(planConvergence(seenAt("1.35.8"), moved)).toEqual([]);
  });

  it("starts only what died", () => {
    const steps = planConvergence(dead(seenAt("1.35.8"), "kube-scheduler"), ordersFor("1.35.8"));
    expect(steps).toEqual([{ kind: "start", role: "kube-scheduler", why: "dead" }]);
  });

  it("rolls apiservers before the controllers on the way up", () => {
    expect(rolesOf(planConvergence(seenAt("1.35.8"), ordersFor("1.36.4")))).toEqual([
      "roll kube-apiserver-a",
      "roll kube-apiserver-b",
      "restart kube-controller-manager",
      "restart kube-scheduler",
    ]);
  });

  it("takes the controllers back first, since they may not be newer than an apiserver", () => {
    expect(rolesOf(planConvergence(seenAt("1.36.4"), ordersFor("1.35.8")))).toEqual([
      "restart kube-controller-manager",
      "restart kube-scheduler",
      "roll kube-apiserver-a",
      "roll kube-apiserver-b",
    ]);
  });

  it("starts a dead apiserver before it rolls the one that still answers", () => {
    const steps = planConvergence(dead(seenAt("1.35.8"), "kube-apiserver-b"), ordersFor("1.36.4"));
    expect(rolesOf(steps).slice(0, 2)).toEqual(["start kube-apiserver-b", "roll kube-apiserver-a"]);
  });
});

const versions = fc.constantFrom("1.35.8", "1.36.4");
const seenAnyhow: fc.Arbitrary<Seen> = fc
  .record(
    Object.fromEntries(
      ROLES.map(role => [
        role,
        fc.option(
          fc.tuple(versions, fc.boolean()).map(([version, alive]) => ({ ...running(role, version), alive })),
          { nil: undefined },
        ),
      ]),
    ),
  )
  .map(seen => Object.fromEntries(Object.entries(seen).filter(([, found]) => found !== undefined)) as Seen);

describe("any plan", () => {
  it("touches each role at most once and leaves alone what is right", () => {
    fc.assert(
      fc.property(seenAnyhow, versions, (seen, version) => {
        const orders = ordersFor(version);
        const steps = planConvergence(seen, orders);
        const wrong = ROLES.filter(
          role =>
            seen[role]?.alive !== true || JSON.stringify(seen[role].order) !== JSON.stringify(orders[role]),
        );
        expect(steps.map(({ role }) => role).sort()).toEqual([...wrong].sort());
      }),
    );
  });

  it("never rolls an apiserver while its sibling is planned to start later", () => {
    fc.assert(
      fc.property(seenAnyhow, versions, (seen, version) => {
        const steps = planConvergence(seen, ordersFor(version));
        const firstRoll = steps.findIndex(({ kind }) => kind === "roll");
        const starts = steps.filter(
          ({ kind, role }) => kind === "start" && APISERVERS.some(name => name === role),
        );
        for (const start of starts) expect(firstRoll === -1 || steps.indexOf(start) < firstRoll).toBe(true);
      }),
    );
  });

  it("puts every step into exactly one phase, in order, and every roll into a phase of its own", () => {
    fc.assert(
      fc.property(seenAnyhow, versions, (seen, version) => {
        const steps = planConvergence(seen, ordersFor(version));
        const phases = phasesOf(steps);
        expect(phases.flat()).toEqual(steps);
        for (const phase of phases)
          if (phase.some(({ kind }) => kind === "roll")) expect(phase).toHaveLength(1);
      }),
    );
  });
});

describe("describeStep", () => {
  it.each<[PlaneStep, string]>([
    [{ kind: "start", role: "etcd", why: "missing" }, "start etcd"],
    [{ kind: "start", role: "etcd", why: "dead" }, "start etcd again (it died)"],
    [{ kind: "restart", role: "kube-scheduler" }, "restart kube-scheduler (its command line changed)"],
    [{ kind: "roll", role: "kube-apiserver-a" }, "roll kube-apiserver-a"],
  ])("says %j as %s", (step, text) => {
    expect(describeStep(step)).toBe(text);
  });
});
