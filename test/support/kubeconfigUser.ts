import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { ensureTool } from "../../controlplane/tools";
import { AUTHORIZATION } from "../../lab/clouds/azure/token";
import { ACCESS_TOKEN as GOOGLE_TOKEN } from "../../lab/clouds/gcp/token";
import type { TestStack } from "./stack";

/** A cloud's program for tokens, stood in for: it takes these words, and prints the text that the expression gives. */
export interface Login {
  readonly command: string;
  readonly args: readonly string[];
  /** JavaScript; `info` is what the client says of itself (KUBERNETES_EXEC_INFO). */
  readonly token: string;
  readonly answers: string;
}

const BETA = '"client.authentication.k8s.io/v1beta1"';

/** Date and header are all that a stand-in for EKS looks at: lab/clouds/aws/front.ts. */
const PRESIGNED =
  "`https://sts.eu-west-1.amazonaws.com/?Action=GetCallerIdentity&X-Amz-SignedHeaders=host;x-k8s-aws-id&X-Amz-Date=${new Date().toISOString().replace(/[-:]|[.][0-9]+/g, '')}`";

/** Answers in what it is asked in, as the AWS CLI does (awscli/customizations/eks/get_token.py). */
export const awsLogin = (cluster: string): Login => ({
  command: "aws",
  args: ["eks", "get-token", "--cluster-name", cluster, "--region", "eu-west-1", "--output", "json"],
  token: `"k8s-aws-v1." + Buffer.from(${PRESIGNED}).toString("base64url")`,
  answers: "info.apiVersion",
});

/** Tells by what it is told that it was told of a cluster, and answers in v1beta1 whatever it is asked in. */
export const gkeLogin: Login = {
  command: "gke-gcloud-auth-plugin",
  args: [],
  token: `info.spec.cluster.server && ${JSON.stringify(GOOGLE_TOKEN)}`,
  answers: BETA,
};

export const aksLogin: Login = {
  command: "kubelogin",
  args: ["get-token", "--login", "azurecli", "--server-id", "6dae42f8-4368-4678-94ff-3960e28e3630"],
  token: JSON.stringify(AUTHORIZATION.replace("Bearer ", "")),
  answers: BETA,
};

const script = ({ args, token, answers }: Login): string => `#!${process.execPath}
const info = JSON.parse(process.env.KUBERNETES_EXEC_INFO);
if (process.argv.slice(2).join(" ") !== ${JSON.stringify(args.join(" "))}) throw new Error("other words: " + process.argv.slice(2));
process.stdout.write(JSON.stringify({ apiVersion: ${answers}, kind: "ExecCredential", status: { token: ${token} } }));
`;

/**
 * A program whose platform holds something in the cluster by `place.kubeconfig()`: kubectl, which opens a kubeconfig as
 * Pulumi's Kubernetes provider does. What it holds is replaced when the kubeconfig is another or unknown, as there
 * (pulumi-kubernetes, provider.go, DiffConfig).
 */
const PROGRAM = `
import * as pulumi from "@pulumi/pulumi";
import { openStack } from "./components";

const provider: pulumi.dynamic.ResourceProvider = {
  diff: async (_id, olds, news) => {
    const same = olds.kubeconfig === news.kubeconfig;
    return { changes: !same, replaces: same ? [] : ["kubeconfig"] };
  },
  create: async ({ kubeconfig }) => {
    const { writeFileSync } = require("node:fs");
    const { execFileSync } = require("node:child_process");
    const file = process.env.KUBECTL_FOLDER + "/kubeconfig";
    writeFileSync(file, kubeconfig, { mode: 0o600 });
    const args = ["--kubeconfig", file, "get", "namespace", "kube-system", "-o", "name"];
    const found = String(execFileSync(process.env.KUBECTL, args)).trim();
    return { id: "reader", outs: { kubeconfig, found } };
  },
};

class Reader extends pulumi.dynamic.Resource {
  declare readonly found: pulumi.Output<string>;
  constructor(name: string, props: pulumi.Inputs, opts: pulumi.CustomResourceOptions) {
    super(provider, name, { found: undefined, ...props }, opts);
  }
}

let found: pulumi.Output<string> | undefined;
openStack({
  platform: {
    beforeNodes: ({ parent, kubeconfig }) => {
      found = new Reader("reader", { kubeconfig: kubeconfig() }, { parent }).found;
    },
  },
});
export const seen = found;
`;

/** What the platform holds, in the engine's lines. */
export const READER = /dynamic:Resource\s+reader/;

/** From now on the stack's program reads its cluster by the kubeconfig that it is handed out. */
export const readByKubeconfig = async (stack: TestStack, login: Login): Promise<void> => {
  const signal = AbortSignal.timeout(3_600_000);
  const tool = await ensureTool("kubernetes-1.36", { progress: () => undefined, signal });
  const folder = join(stack.dir, "login");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, login.command), script(login), { mode: 0o755 });
  const path = stack.env["PATH"] ?? "";
  stack.extra = {
    ...stack.extra,
    PATH: [folder, path].join(delimiter),
    KUBECTL: tool.bin("kubectl"),
    KUBECTL_FOLDER: folder,
  };
  rmSync(join(stack.dir, "index.ts"));
  writeFileSync(join(stack.dir, "index.ts"), PROGRAM);
};
