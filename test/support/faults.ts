import { readdirSync, readFileSync } from "node:fs";
import { LABEL } from "../../core/identity/names";
import type { KubeClient } from "../../kube";

const POLICIES = "/apis/admissionregistration.k8s.io/v1";
const NAME = "test-nodes-stay-unready";

const apply = (kube: KubeClient, path: string, body: object): Promise<unknown> =>
  kube.request({ method: "PATCH", patch: "apply", path, query: { fieldManager: "test", force: true }, body });

/** Nodes of this kubelet version can't report that they are Ready: the API server refuses the write. */
export const refuseReady = async (kube: KubeClient, kubelet: string): Promise<void> => {
  const isReady = "object.status.conditions.exists(c, c.type == 'Ready' && c.status == 'True')";
  const expression = `!('${LABEL.generation}' in object.metadata.labels) || object.status.nodeInfo.kubeletVersion != '${kubelet}' || !has(object.status.conditions) || !${isReady}`;
  await apply(kube, `${POLICIES}/validatingadmissionpolicies/${NAME}`, {
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: "ValidatingAdmissionPolicy",
    metadata: { name: NAME },
    spec: {
      failurePolicy: "Fail",
      matchConstraints: {
        resourceRules: [
          { apiGroups: [""], apiVersions: ["v1"], operations: ["UPDATE"], resources: ["nodes/status"] },
        ],
      },
      validations: [{ expression, message: "a fault of the test: this kubelet can't report" }],
    },
  });
  await apply(kube, `${POLICIES}/validatingadmissionpolicybindings/${NAME}`, {
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: "ValidatingAdmissionPolicyBinding",
    metadata: { name: NAME },
    spec: { policyName: NAME, validationActions: ["Deny"] },
  });
};

/** Takes that fault away. */
export const allowReady = async (kube: KubeClient): Promise<void> => {
  for (const kind of ["validatingadmissionpolicybindings", "validatingadmissionpolicies"])
    await kube.request({ method: "DELETE", path: `${POLICIES}/${kind}/${NAME}` });
};

const commandLine = (pid: string): string => {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
  } catch {
    return "";
  }
};

/** Ends, as soon as it shows, every process of this folder whose command line has these words, until told to stop. */
export const crashOnSight = (dir: string, words: readonly string[]): { readonly stop: () => number } => {
  let crashed = 0;
  const look = (): void => {
    for (const pid of readdirSync("/proc").filter(name => /^\d+$/.test(name))) {
      const line = commandLine(pid);
      if (!line.includes(dir) || !words.every(word => line.split(" ")[0]?.includes(word))) continue;
      process.kill(Number(pid), "SIGKILL");
      crashed += 1;
    }
  };
  const timer = setInterval(look, 50);
  return {
    stop: () => {
      clearInterval(timer);
      return crashed;
    },
  };
};
