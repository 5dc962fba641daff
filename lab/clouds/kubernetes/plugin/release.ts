import { createHash } from "node:crypto";
import { HalfMade, INPUTS, type Props, type ResourceKind } from "../../plugin/kind";
import type { Helm, HelmEnd } from "./helm";

/** Inputs the stand-in understands, as @pulumi/kubernetes has them (helm.sh/v3 ReleaseArgs); any other is refused by name. */
interface ReleaseInputs {
  readonly name: string;
  readonly namespace: string;
  /** Path of a chart's folder. */
  readonly chart: string;
  readonly values?: Props;
  readonly createNamespace?: boolean;
  readonly skipAwait?: boolean;
  readonly atomic?: boolean;
  readonly timeout?: number;
}

const COVERED = [
  ...[
    "name",
    "namespace",
    "chart",
    "values",
    "createNamespace",
    "skipAwait",
    "atomic",
    "timeout",
    "checksum",
  ],
  // Sent by the SDK with what it fills in.
  ...["compat", "resourceNames", "__defaults"],
];

const DEFAULT_TIMEOUT_SECONDS = 300;

const releaseOf = (props: Props): ReleaseInputs => props as unknown as ReleaseInputs;

const refuseUnknown = (props: Props): void => {
  const unknown = Object.entries(props).filter(
    ([key, value]) => !COVERED.includes(key) && value !== undefined,
  );
  if (unknown.length > 0)
    throw new Error(
      `StandInLimit: the stand-in does not cover ${unknown.map(([key]) => key).join(", ")} of a Release`,
    );
  if (typeof props["name"] !== "string")
    throw new Error("StandInLimit: the stand-in wants a Release to say its name");
};

const withDefaults = (props: Props): Props => ({
  namespace: "default",
  ...(props["skipAwait"] === true ? {} : { timeout: DEFAULT_TIMEOUT_SECONDS }),
  ...props,
});

const mustEnd = ({ code, stdout, stderr }: HelmEnd): string => {
  if (code !== 0) throw new Error(stderr.trim());
  return stdout;
};

const at = ({ namespace }: ReleaseInputs): readonly string[] => ["--namespace", namespace];

const waiting = ({ skipAwait, atomic, timeout }: ReleaseInputs): readonly string[] => [
  ...(skipAwait === true ? [] : ["--wait"]),
  ...(atomic === true ? ["--atomic"] : []),
  ...(timeout === undefined ? [] : ["--timeout", `${timeout}s`]),
];

/** As `helm status -o json` tells it. */
interface Status {
  readonly version: number;
  readonly info: { readonly status: string };
  readonly chart?: { readonly metadata?: { readonly version?: string; readonly appVersion?: string } };
}

const statusOf = async (helm: Helm, release: ReleaseInputs): Promise<Props | undefined> => {
  const asked = await helm(["status", release.name, ...at(release), "--output", "json"]);
  if (asked.code !== 0 && asked.stderr.includes("release: not found")) return undefined;
  const { version: revision, info } = JSON.parse(mustEnd(asked)) as Status;
  return { name: release.name, namespace: release.namespace, revision, status: info.status };
};

const keyOf = ({ namespace, name }: ReleaseInputs): string => `${namespace}/${name}`;

const outsOf = (inputs: Props, status: Props): Props => ({ ...inputs, status, [INPUTS]: inputs });

/** Ends as Helm ends; what failed after it was there is half made, as the real provider has it. */
const settle = async (helm: Helm, inputs: Props, ended: HelmEnd): Promise<Props> => {
  const release = releaseOf(inputs);
  const status = await statusOf(helm, release);
  if (status === undefined) throw new Error(ended.stderr.trim());
  if (ended.code === 0) return outsOf(inputs, status);
  throw new HalfMade(
    { id: keyOf(release), outs: outsOf(inputs, status) },
    `Helm release "${keyOf(release)}" failed to initialize completely. Use Helm CLI to investigate: ${ended.stderr.trim()}`,
  );
};

/** Rules: ../rules.ts. */
export const releaseKind = (helm: Helm): ResourceKind => ({
  replacing: ["name", "namespace"],
  settable: [],
  check: async props => {
    refuseUnknown(props);
    const inputs = withDefaults(props);
    const release = releaseOf(inputs);
    const args = ["template", release.name, release.chart, ...at(release), "--include-crds"];
    const rendered = mustEnd(await helm(args, release.values ?? {}));
    return { ...inputs, checksum: createHash("sha256").update(rendered).digest("hex") };
  },
  create: async inputs => {
    const release = releaseOf(inputs);
    const args = ["install", release.name, release.chart, ...at(release), ...waiting(release)];
    const own = release.createNamespace === true ? ["--create-namespace"] : [];
    const ended = await helm([...args, ...own], release.values ?? {});
    return { id: keyOf(release), outs: await settle(helm, inputs, ended) };
  },
  read: async id => {
    const [namespace = "", name = ""] = id.split("/");
    const status = await statusOf(helm, { namespace, name, chart: "" });
    return status === undefined ? undefined : { status };
  },
  update: async (_id, _olds, news) => {
    const release = releaseOf(news);
    const args = ["upgrade", release.name, release.chart, ...at(release), ...waiting(release)];
    return settle(helm, news, await helm(args, release.values ?? {}));
  },
  remove: async (_id, props) => {
    const release = releaseOf(props);
    const { skipAwait, timeout } = release;
    const wait = skipAwait === true ? [] : ["--wait", "--timeout", `${timeout ?? DEFAULT_TIMEOUT_SECONDS}s`];
    mustEnd(await helm(["uninstall", release.name, ...at(release), ...wait]));
  },
});
