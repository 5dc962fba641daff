import type * as pulumi from "../sdk";
import { activation } from "../gates/activation/resource";
import { completion } from "../gates/completion/resource";
import type { Gate } from "../gates/gate";
import type { MigrationInputs } from "../gates/migration/protocol";
import { migration } from "../gates/migration/resource";
import { soakGate } from "../gates/soakGate/resource";
import { validation } from "../gates/validation/resource";
import { plannedPercent, type PoolPlan } from "../pool/poolPlan";
import { taintKeysOf } from "../pool/taintKeys";
import { openAddOns } from "./addOns";
import type { ClusterPlan } from "./clusterPlan";
import { openPlatform } from "./platform";
import type { ClusterSteps } from "./steps";

/**
 * Activation of every pool; the add-ons and the platform that run on nodes, before any workload is there; then pool after pool its migration, validation and soak; then one record for the cluster.
 * A soak beside the next pool's migration would take the pods that move there for pods that are missing.
 */
export const moveWorkloads = (
  parent: pulumi.Resource,
  steps: ClusterSteps,
  proven: readonly pulumi.Resource[],
): void => {
  const { plan } = steps;
  const epochs = openActivations(parent, plan, proven);
  const opened = plan.pools.length === 0 ? proven : [...epochs.values()];
  const soaked: pulumi.Resource[] = [];
  const addOns = openAddOns(parent, { ...steps, when: "onNodes" }, opened);
  const platform = openPlatform(parent, { ...steps, when: "onNodes" }, [...opened, ...addOns]);
  let previous: pulumi.Resource[] = [...opened, ...addOns, ...platform];
  for (const pool of plan.pools) {
    const epoch = epochOf(epochs, pool);
    const moved = openMigration(parent, { plan, pool, epoch }, previous);
    const validated = openValidation(parent, { plan, pool, epoch }, moved);
    previous = [openSoak(parent, { plan, pool, epoch }, validated)];
    soaked.push(...previous);
  }
  const numbers = Object.fromEntries([...epochs].map(([name, gate]) => [name, gate.epoch]));
  const { name } = plan.spec.cluster;
  completion(
    name,
    { connection: plan.connection, cluster: name, epochs: numbers },
    { parent, dependsOn: [...opened, ...addOns, ...platform, ...soaked] },
  );
};

interface PoolStep {
  readonly plan: ClusterPlan;
  readonly pool: PoolPlan;
  readonly epoch: pulumi.Output<number>;
}

const epochOf = (epochs: ReadonlyMap<string, Gate>, pool: PoolPlan): pulumi.Output<number> => {
  const gate = epochs.get(pool.spec.name);
  if (gate === undefined) throw new Error(`pool ${pool.spec.name} has no activation`);
  return gate.epoch;
};

const common = ({ plan, pool }: Pick<PoolStep, "plan" | "pool">) => ({
  connection: plan.connection,
  cluster: plan.spec.cluster.name,
  pool: pool.spec.name,
});

const openActivations = (
  parent: pulumi.Resource,
  plan: ClusterPlan,
  proven: readonly pulumi.Resource[],
): ReadonlyMap<string, Gate> =>
  new Map(
    plan.pools.map(pool => [
      pool.spec.name,
      activation(
        pool.spec.name,
        { ...common({ plan, pool }), generation: pool.active.id, removing: pool.spec.remove },
        { parent, dependsOn: [...proven] },
      ),
    ]),
  );

const openMigration = (
  parent: pulumi.Resource,
  step: PoolStep,
  dependsOn: pulumi.Resource[],
): pulumi.Resource => {
  const { spec, active } = step.pool;
  return migration(
    spec.name,
    {
      ...common(step),
      generation: active.id,
      removing: spec.remove,
      epoch: step.epoch,
      retiring: spec.retiring.map(({ generation, drainPercent, notBefore }) => ({
        generation,
        drainPercent,
        ...(notBefore === undefined ? {} : { notBefore }),
      })),
      drain: spec.drain,
      ...wavesOf(step),
    },
    { parent, dependsOn },
  );
};

/** Said only where a pool moves in waves: elsewhere nothing of it is in anybody's state. */
const wavesOf = ({ plan, pool: { spec } }: PoolStep): Pick<MigrationInputs, "waves"> =>
  spec.strategy.poolSurge === 100
    ? {}
    : {
        waves: {
          poolSurge: spec.strategy.poolSurge,
          size: spec.size,
          version: spec.version,
          ...taintKeysOf(spec),
          ...(spec.expects === undefined ? {} : { expects: spec.expects }),
          timeoutSeconds: plan.spec.health.timeoutSeconds,
        },
      };

const openValidation = (parent: pulumi.Resource, step: PoolStep, moved: pulumi.Resource): pulumi.Resource =>
  validation(
    step.pool.spec.name,
    {
      ...common(step),
      epoch: step.epoch,
      percent: plannedPercent(step.pool),
      jobs: step.plan.spec.validation.jobs,
      settleSeconds: step.plan.spec.health.timeoutSeconds,
    },
    { parent, dependsOn: [moved] },
  );

const openSoak = (parent: pulumi.Resource, step: PoolStep, validated: pulumi.Resource): pulumi.Resource =>
  soakGate(
    step.pool.spec.name,
    {
      ...common(step),
      generation: step.pool.active.id,
      epoch: step.epoch,
      percent: plannedPercent(step.pool),
      seconds: step.plan.spec.soak.seconds,
    },
    { parent, dependsOn: [validated] },
  );
