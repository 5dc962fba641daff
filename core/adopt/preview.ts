import type { Problem } from "../problem";

/** One step of `pulumi preview --json`, as far as it is judged. */
export interface PreviewStep {
  /** The engine's word: "same", "import", "create", "update", "replace", "delete", … */
  readonly op: string;
  readonly urn: string;
}

/** What must be taken over, by its name in the program. */
export interface Expected {
  /** The cluster, each pool's generation and add-ons, where the cloud has them as resources. */
  readonly imports: readonly string[];
  /** Commands that look at a machine which is there, and leave it as it is: made, as nothing can import them. */
  readonly looks: readonly string[];
}

const typeOf = ({ urn }: PreviewStep): string => urn.split("::")[2]?.split("$").at(-1) ?? "";

const nameOf = ({ urn }: PreviewStep): string => urn.split("::").slice(3).join("::");

/** Components, gates, providers and the stack itself: nothing of them is at the cloud. */
const OURS = /^(?:pulumi:|changeover:|pulumi-nodejs:dynamic\/changeover:)/;

const isOurs = (step: PreviewStep): boolean => OURS.test(typeOf(step));

const HARMLESS = ["same", "import", "read", "refresh"];
const OF_OURS = [...HARMLESS, "create", "update"];

const COMMAND = "command:remote:Command";

const isLook = (step: PreviewStep, { looks }: Expected): boolean =>
  typeOf(step) === COMMAND && looks.includes(nameOf(step));

const isFine = (step: PreviewStep, expected: Expected): boolean => {
  if (isLook(step, expected)) return ["same", "create"].includes(step.op);
  return (isOurs(step) ? OF_OURS : HARMLESS).includes(step.op);
};

const changes = (step: PreviewStep): Problem => ({
  code: "Adopt.PreviewChanges",
  path: nameOf(step),
  message: `the preview would ${step.op} ${typeOf(step)} "${nameOf(step)}"; taking over changes nothing that is there`,
  fix: "make config say what the cloud has (`pulumi preview --diff` shows both), and run this again",
});

const isThere = (steps: readonly PreviewStep[], name: string): boolean =>
  steps.some(step => !isOurs(step) && nameOf(step) === name && ["import", "same"].includes(step.op));

const isLooked = (steps: readonly PreviewStep[], name: string): boolean =>
  steps.some(step => typeOf(step) === COMMAND && nameOf(step) === name);

const notThere = (name: string): Problem => ({
  code: "Adopt.NotImported",
  path: name,
  message: `the preview imports nothing as "${name}"`,
  fix: "see whether the program is the one that this config belongs to",
});

const notLooked = (name: string): Problem => ({
  code: "Adopt.NotLooked",
  path: name,
  message: `the preview has no Command "${name}", which would find the machine as it is`,
  fix: "see whether the program is the one that this config belongs to",
});

/**
 * Whether a preview proves that everything is taken over as it is: imports of what is expected, gates and looks beside
 * them, and nothing of the cloud's made, changed, replaced or deleted.
 */
export const judgePreview = (steps: readonly PreviewStep[], expected: Expected): readonly Problem[] => [
  ...steps.filter(step => !isFine(step, expected)).map(changes),
  ...expected.imports.filter(name => !isThere(steps, name)).map(notThere),
  ...expected.looks.filter(name => !isLooked(steps, name)).map(notLooked),
];
