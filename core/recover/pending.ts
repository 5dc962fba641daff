import type { Problem } from "../problem";

/** The id a provider gives to a resource with these inputs. Properties that an id needs are always texts. */
export type IdOf = (inputs: Readonly<Record<string, string>>) => string | undefined;

/** What `pulumi stack export` prints, as far as it is read here; the rest is handed back as it came. */
export interface ExportedStack {
  readonly deployment: {
    readonly resources?: readonly ExportedResource[];
    /** Operations that a run began and did not end. */
    readonly pending_operations?: readonly PendingOperation[];
  };
}

export interface ExportedResource {
  readonly urn: string;
  readonly type: string;
  readonly id?: string;
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly outputs?: Readonly<Record<string, unknown>>;
}

export interface PendingOperation {
  /** "creating", "updating", "deleting" … */
  readonly type: string;
  readonly resource: ExportedResource;
}

export interface Recovery {
  /** May have been made at the cloud: in state under this id from now on, until a refresh has looked. */
  readonly looked: readonly { readonly urn: string; readonly id: string }[];
  /** Gates, components, commands that look before they act: the next `up` makes them again. */
  readonly dropped: readonly string[];
  /** Of nobody's making known here: each is a reason to refuse. */
  readonly problems: readonly Problem[];
  /** The stack to import in place of the exported one. */
  readonly stack: ExportedStack;
}

const OURS = /^(pulumi-nodejs:dynamic\/)?changeover:|^pulumi:providers:/;
/** A machine's command in one of our components (docs/adr/0018): done already is success, cut off is begun anew. */
const OUR_COMMAND = /::changeover:\S*\$command:remote:Command::/;

const isRunAgain = ({ type, urn }: ExportedResource): boolean => OURS.test(type) || OUR_COMMAND.test(urn);

/**
 * Sorts what a run left half made. Whatever was only being changed or deleted a refresh finds out by itself.
 * `pulumi refresh --import-pending-creates` would be the engine's own way: 3.259 drops what it is given.
 */
export const planRecovery = (exported: ExportedStack, ids: Readonly<Record<string, IdOf>>): Recovery => {
  const { deployment } = exported;
  const pending = deployment.pending_operations ?? [];
  const made = pending.filter(({ type }) => type === "creating");
  const seen = made.map(({ resource }) => ({ resource, id: idOf(resource, ids) }));
  const known = seen.filter(({ id, resource }) => id !== undefined || isRunAgain(resource));
  const taken = known.flatMap(({ resource, id }) => (id === undefined ? [] : [takeIn(resource, id)]));
  return {
    looked: taken.map(({ urn, id }) => ({ urn, id })),
    dropped: known.flatMap(({ resource, id }) => (id === undefined ? [resource.urn] : [])),
    problems: seen.filter(one => !known.includes(one)).map(({ resource }) => unknownType(resource)),
    stack: {
      ...exported,
      deployment: {
        ...deployment,
        // What it stands on was there before it: the end of the list is its place.
        resources: [...(deployment.resources ?? []), ...taken],
        pending_operations: pending.filter(({ type }) => type !== "creating"),
      },
    },
  };
};

const takeIn = (resource: ExportedResource, id: string): ExportedResource & { readonly id: string } => ({
  ...resource,
  id,
  outputs: resource.outputs ?? resource.inputs ?? {},
});

const idOf = (
  { type, inputs = {} }: ExportedResource,
  ids: Readonly<Record<string, IdOf>>,
): string | undefined => ids[type]?.(inputs as Readonly<Record<string, string>>);

const unknownType = ({ urn, type }: ExportedResource): Problem => ({
  code: "Recover.UnknownType",
  path: urn,
  message: `its making was cut off, and it can't be told under which id the provider of ${type} would have it`,
  fix: "run `pulumi refresh` in a terminal: it asks what became of it",
});
