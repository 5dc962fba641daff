import { changedKeys, HalfMade, type Props, type ResourceKind } from "../../plugin/kind";
import { type Client, mustEnd, unlessGone } from "./client";

interface PoolProps {
  readonly project: string;
  readonly location: string;
  readonly cluster: string;
  readonly name: string;
  readonly version?: string;
  readonly initialNodeCount?: number;
  readonly nodeLocations?: readonly string[];
  readonly autoscaling?: object;
  readonly management?: object;
  readonly nodeConfig?: NodeConfig;
}

interface Accelerator {
  readonly type: string;
  readonly count: number;
  readonly gpuDriverInstallationConfig?: object;
}

interface NodeConfig {
  readonly guestAccelerators?: readonly Accelerator[];
}

interface ApiConfig {
  readonly accelerators?: readonly {
    readonly acceleratorType: string;
    readonly acceleratorCount: string;
    readonly gpuDriverInstallationConfig?: object;
  }[];
}

interface ApiPool {
  readonly name: string;
  readonly version: string;
  readonly status: string;
  readonly statusMessage?: string;
  readonly initialNodeCount: number;
  readonly locations: readonly string[];
  readonly autoscaling?: { readonly enabled?: boolean };
  readonly management?: object;
  readonly config?: ApiConfig;
  readonly instanceGroupUrls?: readonly string[];
}

const read = (props: Props): PoolProps => props as unknown as PoolProps;

const placeOf = ({ project, location, cluster }: PoolProps): string =>
  `projects/${project}/locations/${location}/clusters/${cluster}/nodePools`;

const enabled = ({ autoscaling }: PoolProps): object =>
  autoscaling === undefined ? { enabled: false } : { enabled: true, ...autoscaling };

/** The provider has words of its own for accelerators (hashicorp/google, node_config.go). */
const toApi = ({ guestAccelerators, ...rest }: NodeConfig = {}): object => ({
  ...rest,
  ...(guestAccelerators === undefined ? {} : { accelerators: guestAccelerators.map(nameForApi) }),
});

const nameForApi = ({ type, count, ...rest }: Accelerator): object => ({
  acceleratorType: type,
  acceleratorCount: String(count),
  ...rest,
});

const fromApi = ({ accelerators, ...rest }: ApiConfig = {}): object => ({
  ...rest,
  ...(accelerators === undefined
    ? {}
    : {
        guestAccelerators: accelerators.map(({ acceleratorType: type, acceleratorCount, ...more }) => ({
          ...{ type, count: Number(acceleratorCount) },
          ...more,
        })),
      }),
});

const request = (props: PoolProps): object => ({
  nodePool: {
    name: props.name,
    version: props.version,
    initialNodeCount: props.initialNodeCount,
    locations: props.nodeLocations,
    autoscaling: enabled(props),
    management: props.management,
    config: toApi(props.nodeConfig),
  },
});

/** Without autoscaling the provider has no such block at all. */
const bounds = ({ autoscaling = {} }: ApiPool): object | undefined => {
  const { enabled: on = false, ...rest } = autoscaling;
  return on ? rest : undefined;
};

/** Where it is, out of its id, which an import has nothing but. */
const placeIn = (id: string): Props => {
  const [, project, location, cluster] =
    /^projects\/([^/]+)\/locations\/([^/]+)\/clusters\/([^/]+)/.exec(id) ?? [];
  return { project, location, cluster };
};

/** Everything the API says goes into the state, as with the real provider: a refresh sees what gates changed. */
const outputsOf = (pool: ApiPool): Props => ({
  name: pool.name,
  version: pool.version,
  initialNodeCount: pool.initialNodeCount,
  nodeLocations: pool.locations,
  autoscaling: bounds(pool),
  management: pool.management,
  nodeConfig: fromApi(pool.config),
  managedInstanceGroupUrls: pool.instanceGroupUrls,
});

const seen = async (client: Client, id: string, inputs: Props): Promise<Props> => {
  const pool = await client.find<ApiPool>(id);
  if (pool === undefined) throw new Error(`node pool ${id} is gone`);
  const outs = Object.entries({ ...inputs, ...outputsOf(pool) });
  return Object.fromEntries(outs.filter(([, value]) => value !== undefined));
};

const create = async (client: Client, inputs: Props): Promise<{ id: string; outs: Props }> => {
  const props = read(inputs);
  const id = `${placeOf(props)}/${props.name}`;
  const { failed } = await client.change("POST", placeOf(props), request(props));
  const made = { id, outs: await seen(client, id, inputs) };
  if (failed === undefined) return made;
  throw new HalfMade(made, `NodePool ${props.name} was created in the error state "ERROR"`);
};

const COVERED = ["autoscaling", "management"];

const update = async (client: Client, id: string, props: { olds: Props; news: Props }): Promise<Props> => {
  const { olds, news } = props;
  const changed = changedKeys(olds, news);
  const unknown = changed.filter(key => !COVERED.includes(key));
  if (unknown.length > 0) throw new Error(`the stand-in does not cover an update of ${unknown.join(", ")}`);
  if (changed.includes("autoscaling"))
    mustEnd(await client.change("POST", `${id}:setAutoscaling`, { autoscaling: enabled(read(news)) }));
  if (changed.includes("management"))
    mustEnd(await client.change("POST", `${id}:setManagement`, { management: read(news).management }));
  return seen(client, id, news);
};

/** Source of what replaces: ForceNew in hashicorp/terraform-provider-google, resource_container_node_pool.go. */
export const nodePoolKind = (client: Client): ResourceKind => ({
  replacing: [
    ...["project", "location", "cluster", "name", "initialNodeCount", "maxPodsPerNode", "placementPolicy"],
    ...["nodeConfig.serviceAccount", "nodeConfig.oauthScopes", "nodeConfig.metadata"],
    ...["nodeConfig.shieldedInstanceConfig"],
  ],
  settable: [
    ...["project", "location", "cluster", "name", "version", "initialNodeCount", "nodeLocations"],
    ...["autoscaling", "management", "nodeConfig"],
  ],
  create: inputs => create(client, inputs),
  read: async id => {
    const pool = await client.find<ApiPool>(id);
    return pool === undefined ? undefined : { ...placeIn(id), ...outputsOf(pool) };
  },
  update: (id, olds, news) => update(client, id, { olds, news }),
  remove: id => unlessGone(() => client.change("DELETE", id)),
});
