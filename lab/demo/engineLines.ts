/** The engine's own lines, made short enough to follow: nothing is added, and what fails is never dropped. */

/** `~  pulumi-nodejs:dynamic/changeover:Backup demo updated (2s) [diff: …]` */
const STEP = /^ *([-+~=!]{1,2}) +(\S+) (\S+) (.+?) *$/;
const PROGRESS = /\[(?<gate>[A-Z]\w+)\] (?<text>.+?) *$/;
const GATE = /^pulumi-nodejs:dynamic\/changeover:/;
const COMPONENT = /^changeover:index:|^pulumi:pulumi:/;

const PLANNED = /^(create|update|delete|replace)\b/;
const DONE = /^(created|updated|deleted|replaced)\b/;
const FAILED = /failed|error/i;

/** Components say what their children say. */
const isOwnWork = (type: string): boolean => type.includes(":") && !COMPONENT.test(type);

interface EngineStep {
  readonly sign: string;
  readonly type: string;
  readonly name: string;
  readonly rest: string;
}

const parseStep = (line: string): EngineStep | undefined => {
  const [, sign, type, name, rest] = STEP.exec(line) ?? [];
  const parts = { sign: sign ?? "", type: type ?? "", name: name ?? "", rest: rest ?? "" };
  return isOwnWork(parts.type) ? parts : undefined;
};

const describeStep = (line: string, worthTelling: RegExp): string | undefined => {
  const step = parseStep(line);
  if (step === undefined || !(worthTelling.test(step.rest) || FAILED.test(step.rest))) return undefined;
  return `${step.sign} ${step.type.replace(GATE, "")} ${step.name} ${step.rest}`;
};

/** Two lines of a terminal at most; the report has the whole. */
const LONGEST = 156;

const shorten = (text: string): string => (text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text);

/** What happens now, in a line; undefined for what tells nothing new. */
export const describeLive = (line: string): string | undefined => {
  const progress = PROGRESS.exec(line)?.groups;
  // The summary repeats every word of progress, indented and without the step it belonged to.
  if (progress !== undefined && !line.startsWith("    [")) {
    return shorten(`  ${progress["gate"] ?? ""}: ${progress["text"] ?? ""}`);
  }
  return describeStep(line, DONE);
};

const sectionOf = (lines: readonly string[], title: string): readonly string[] => {
  const start = lines.indexOf(`${title}:`);
  if (start < 0) return [];
  // Blank lines part the resources of a section; the next one begins at the margin.
  const length = lines.slice(start + 1).findIndex(line => /^\S/.test(line));
  return lines.slice(start + 1, length < 0 ? undefined : start + 1 + length).filter(line => line !== "");
};

/** What a preview plans: one line a resource, then what the policies say and how many changes there are. */
export const describePlan = (lines: readonly string[]): readonly string[] => [
  ...lines.flatMap(line => describeStep(line, PLANNED) ?? []),
  ...sectionOf(lines, "Policies").map(line => `policies ${line.trim()}`),
  ...sectionOf(lines, "Resources").map(line => line.trim()),
];

const NOISE = /^error: \S+ resource '[^']+': property (?<path>\S+) value \{\S+\} has a problem: /;

/** An error, and the problems that a refused config lists under it. */
const isOfError = (line: string): boolean => /^(error:|- [A-Z]\w+\.[A-Z]\w+ at |fix: )/.test(line);

/** Why the engine refused: every error once, by program, gate and policy. */
export const describeRefusal = (lines: readonly string[]): readonly string[] => {
  const errors = sectionOf(lines, "Diagnostics")
    .map(line => line.trim())
    .filter(isOfError)
    .map(line => line.replace(NOISE, "$<path>: "));
  const policies = sectionOf(lines, "Policies").map(line => line.trim());
  return [...new Set(errors), ...policies.filter(line => !line.startsWith("✅"))];
};
