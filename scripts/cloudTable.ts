import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/*
 * What is proven of each cloud, from the suites themselves: the contract (test/lab/clouds) and the story of a cluster
 * (test/engine/clouds). Run it after a change of either, or give it what `jest --json` wrote;
 * test/unit/scripts/cloudTable.test.ts fails while README or page do not say what was found.
 */

const ROOT = join(__dirname, "..");
const FOUND = join(ROOT, "docs", "reference", "clouds.json");
export const PAGE = join(ROOT, "docs", "reference", "clouds.md");
export const README = join(ROOT, "README.md");
const [BEGIN, END] = ["<!-- clouds: begin (scripts/cloudTable.ts) -->", "<!-- clouds: end -->"];

/** Cloud → what it is made by, and what it was proven on. */
const CLOUDS: Readonly<Record<string, { readonly by: string; readonly on: string }>> = {
  lab: { by: "local processes", on: "itself: real control planes, simulated nodes" },
  eks: { by: "`@pulumi/aws`, AWS's SDK", on: "a stand-in for AWS" },
  gke: { by: "`@pulumi/gcp`, Google's REST APIs", on: "a stand-in for Google Cloud" },
  aks: { by: "`@pulumi/azure-native`, Azure's SDK", on: "a stand-in for Azure" },
  kubeadm: { by: "`@pulumi/command` over ssh", on: "stand-in machines behind real ssh servers" },
};

/** Part → cloud → titles of the tests that passed and failed. */
export interface Proof {
  readonly passed: readonly string[];
  readonly failed: readonly string[];
}
export type Proofs = Readonly<Record<"contract" | "story", Readonly<Record<string, Proof>>>>;

interface Assertion {
  readonly ancestorTitles: readonly string[];
  readonly title: string;
  readonly status: string;
}

interface JestResult {
  readonly testResults: readonly { readonly name: string; readonly assertionResults: readonly Assertion[] }[];
}

const CONTRACT = /^the live half of (?:the )?(\w+)$/;
const STORY = /\/test\/engine\/clouds\/(eks|gke|aks|kubeadm)\.test\.ts$/;

interface Told extends Assertion {
  readonly part: keyof Proofs;
  readonly cloud: string;
}

/** Which cloud a test tells of: the contract names it, a story's file is called as it. Others tell of none. */
const toldBy = (file: string, one: Assertion): readonly Told[] => {
  const ofContract = CONTRACT.exec(one.ancestorTitles[0] ?? "")?.[1];
  if (ofContract !== undefined) return [{ ...one, part: "contract", cloud: ofContract }];
  const ofStory = STORY.exec(file)?.[1];
  return ofStory === undefined ? [] : [{ ...one, part: "story", cloud: ofStory }];
};

export const readProofs = (results: readonly JestResult[]): Proofs => {
  const told = results
    .flatMap(({ testResults }) => testResults)
    .flatMap(({ name, assertionResults }) => assertionResults.flatMap(one => toldBy(name, one)));
  const titles = (part: keyof Proofs, cloud: string, status: string): string[] =>
    told
      .filter(one => one.part === part && one.cloud === cloud && one.status === status)
      .map(({ title }) => title);
  const proofsOf = (part: keyof Proofs): Record<string, Proof> =>
    Object.fromEntries(
      Object.keys(CLOUDS).map(cloud => [
        cloud,
        { passed: titles(part, cloud, "passed"), failed: titles(part, cloud, "failed") },
      ]),
    );
  return { contract: proofsOf("contract"), story: proofsOf("story") };
};

const NONE: Proof = { passed: [], failed: [] };
const proofOf = (proofs: Proofs, part: keyof Proofs, cloud: string): Proof => proofs[part][cloud] ?? NONE;

const count = ({ passed, failed }: Proof): string => {
  const whole = passed.length + failed.length;
  return whole === 0 ? "–" : `${String(passed.length)} of ${String(whole)}`;
};

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => "---"), ...rows].map(row => `| ${row.join(" | ")} |`).join("\n");

export const renderSummary = (proofs: Proofs): string =>
  table(
    ["cloud", "made and called by", "proven on", "contract", "story of a cluster"],
    Object.entries(CLOUDS).map(([cloud, { by, on }]) => [
      `\`${cloud}\``,
      by,
      on,
      count(proofOf(proofs, "contract", cloud)),
      cloud === "lab" ? "all engine tests" : count(proofOf(proofs, "story", cloud)),
    ]),
  );

const mark = ({ passed, failed }: Proof, title: string): string => {
  if (passed.includes(title)) return "✓";
  return failed.includes(title) ? "✗" : "";
};

const renderPart = (proofs: Proofs, part: keyof Proofs): string => {
  const clouds = Object.keys(CLOUDS).filter(cloud => count(proofOf(proofs, part, cloud)) !== "–");
  const titles = new Set(
    clouds.flatMap(cloud => {
      const { passed, failed } = proofOf(proofs, part, cloud);
      return [...passed, ...failed];
    }),
  );
  return table(
    ["", ...clouds],
    [...titles].map(title => [title, ...clouds.map(cloud => mark(proofOf(proofs, part, cloud), title))]),
  );
};

export const renderPage = (proofs: Proofs): string => `# What is proven of each cloud
Made by \`scripts/cloudTable.ts\` from runs of the suites themselves. Every cloud but the lab is a stand-in on the testing machine: its API or its machines are ours, the Pulumi engine, the SDKs and Kubernetes are the real ones. [Stand-ins](stand-ins.md) says which rules of a cloud each keeps, and which page states them.

## The contract of the run-time half
\`test/support/cloudContract.ts\`, told of each cloud.

${renderPart(proofs, "contract")}

## The story of a cluster
From creation to destruction by the real Pulumi engine: \`test/engine/clouds\`.

${renderPart(proofs, "story")}
`;

export const insertSummary = (readme: string, proofs: Proofs): string => {
  const [from, to] = [readme.indexOf(BEGIN), readme.indexOf(END)];
  if (from < 0 || to < from) throw new Error("README.md has lost the marks around its table of clouds");
  return `${readme.slice(0, from + BEGIN.length)}\n${renderSummary(proofs)}\n${readme.slice(to)}`;
};

export const readFound = (): Proofs => JSON.parse(readFileSync(FOUND, "utf8")) as Proofs;

const readResult = (file: string): JestResult => JSON.parse(readFileSync(file, "utf8")) as JestResult;

const runSuites = (): JestResult => {
  const folder = mkdtempSync(join(tmpdir(), "changeover-clouds-"));
  const file = join(folder, "result.json");
  const suites = ["test/lab/clouds", "test/engine/clouds/(eks|gke|aks|kubeadm)\\.test"];
  const jest = [join(ROOT, "node_modules/jest/bin/jest.js"), "--config", join(ROOT, "jest.config.cjs")];
  try {
    const args = [...jest, "--forceExit", "--json", `--outputFile=${file}`, ...suites];
    execFileSync(process.execPath, args, { cwd: ROOT, stdio: ["ignore", "ignore", "inherit"] });
  } catch {
    // Jest's exit code says that a test failed; the file says which.
  }
  const result = readResult(file);
  rmSync(folder, { recursive: true });
  return result;
};

if (require.main === module) {
  const files = process.argv.slice(2);
  const proofs = readProofs(files.length === 0 ? [runSuites()] : files.map(readResult));
  writeFileSync(FOUND, `${JSON.stringify(proofs, null, 2)}\n`);
  writeFileSync(PAGE, renderPage(proofs));
  writeFileSync(README, insertSummary(readFileSync(README, "utf8"), proofs));
}
