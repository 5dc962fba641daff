import {
  type Addon,
  CreateAddonCommand,
  type CreateAddonCommandInput,
  DeleteAddonCommand,
  DescribeAddonCommand,
  DescribeUpdateCommand,
  type EKSClient,
  UpdateAddonCommand,
} from "@aws-sdk/client-eks";
import { changedKeys, HalfMade, type Props, type ResourceKind } from "../../plugin/kind";
import { absentIfNotFound, until } from "./until";

interface AddOnProps {
  readonly clusterName: string;
  readonly addonName: string;
  readonly addonVersion?: string;
  readonly configurationValues?: string;
  readonly serviceAccountRoleArn?: string;
  readonly resolveConflictsOnCreate?: CreateAddonCommandInput["resolveConflicts"];
  readonly resolveConflictsOnUpdate?: CreateAddonCommandInput["resolveConflicts"];
  readonly preserve?: boolean;
  readonly tags?: Record<string, string>;
}

const read = (props: Props): AddOnProps => props as unknown as AddOnProps;

const namesIn = (id: string): { clusterName: string; addonName: string } => {
  const [clusterName = "", addonName = ""] = id.split(":");
  return { clusterName, addonName };
};

const settingsOf = ({ addonVersion, configurationValues, serviceAccountRoleArn }: AddOnProps) => ({
  addonVersion,
  configurationValues,
  serviceAccountRoleArn,
});

/** What the API says; how conflicts are resolved and whether software is preserved it does not know. */
const seenOf = (addOn: Addon): Props =>
  withoutGaps({
    region: addOn.addonArn?.split(":")[3],
    clusterName: addOn.clusterName,
    addonName: addOn.addonName,
    addonVersion: addOn.addonVersion,
    configurationValues: addOn.configurationValues,
    serviceAccountRoleArn: addOn.serviceAccountRoleArn,
    tags: addOn.tags,
    arn: addOn.addonArn,
  });

/** The engine takes no undefined. */
const withoutGaps = (props: Props): Props =>
  Object.fromEntries(Object.entries(props).filter(([, value]) => value !== undefined));

const find = (eks: EKSClient, id: string): Promise<Addon | undefined> =>
  absentIfNotFound(async () => (await eks.send(new DescribeAddonCommand(namesIn(id)))).addon);

const reasonsOf = ({ health }: Addon): string =>
  (health?.issues ?? []).map(({ code, message }) => `${code ?? ""}: ${message ?? ""}`).join("; ");

/** CREATING and DEGRADED are waited through: terraform-provider-aws, internal/service/eks/addon.go, waitAddonCreated. */
const untilActive = (eks: EKSClient, id: string): Promise<Addon> =>
  until(`EKS Add-On (${id}) create`, async () => {
    const addOn = await find(eks, id);
    return addOn?.status === "ACTIVE" || addOn?.status === "CREATE_FAILED" ? addOn : undefined;
  });

const create = async (eks: EKSClient, inputs: Props): Promise<{ id: string; outs: Props }> => {
  const props = read(inputs);
  const { clusterName, addonName, resolveConflictsOnCreate: resolveConflicts, tags } = props;
  const id = `${clusterName}:${addonName}`;
  await eks.send(
    new CreateAddonCommand({ ...settingsOf(props), clusterName, addonName, resolveConflicts, tags }),
  );
  const addOn = await untilActive(eks, id);
  const made = { id, outs: { ...inputs, ...seenOf(addOn) } };
  if (addOn.status === "ACTIVE") return made;
  throw new HalfMade(
    made,
    `waiting for EKS Add-On (${id}) create: unexpected state 'CREATE_FAILED', wanted target 'ACTIVE'. last error: ${reasonsOf(addOn)}`,
  );
};

const SENT = ["addonVersion", "configurationValues", "serviceAccountRoleArn"];

/** Waits for the update, not for the add-on to be well: waitAddonUpdateSuccessful. */
const update = async (
  eks: EKSClient,
  id: string,
  { olds, news }: { olds: Props; news: Props },
): Promise<Props> => {
  const { clusterName, addonName } = namesIn(id);
  if (changedKeys(olds, news).some(key => SENT.includes(key))) {
    const { resolveConflictsOnUpdate: resolveConflicts } = read(news);
    const command = new UpdateAddonCommand({ ...namesIn(id), ...settingsOf(read(news)), resolveConflicts });
    const updateId = (await eks.send(command)).update?.id;
    await until(`EKS Add-On (${id}) update (${updateId ?? ""})`, async () => {
      const seen = (await eks.send(new DescribeUpdateCommand({ name: clusterName, addonName, updateId })))
        .update;
      if (seen?.status === "Failed") throw new Error(seen.errors?.[0]?.errorMessage ?? "update failed");
      return seen?.status === "Successful" ? true : undefined;
    });
  }
  const found = await find(eks, id);
  return { ...news, ...(found === undefined ? {} : seenOf(found)) };
};

export const addOnKind = (eks: EKSClient): ResourceKind => ({
  replacing: ["addonName", "clusterName", "region"],
  settable: [
    ...["region", "clusterName", "addonName", "addonVersion", "configurationValues", "serviceAccountRoleArn"],
    ...["tags", "preserve", "resolveConflictsOnCreate", "resolveConflictsOnUpdate"],
  ],
  create: inputs => create(eks, inputs),
  read: async id => {
    const addOn = await find(eks, id);
    return addOn === undefined ? undefined : seenOf(addOn);
  },
  update: (id, olds, news) => update(eks, id, { olds, news }),
  remove: async (id, props) => {
    const { preserve } = read(props);
    await absentIfNotFound(() => eks.send(new DeleteAddonCommand({ ...namesIn(id), preserve })));
    await until(`the end of ${id}`, async () => ((await find(eks, id)) === undefined ? true : undefined));
  },
});
