import { NAMES } from "../../core/identity/names";
import type { KubeClient } from "../../kube";

const POLICIES = "/apis/admissionregistration.k8s.io/v1";
const NAME = "test-no-completion";

const apply = (kube: KubeClient, path: string, body: object): Promise<unknown> =>
  kube.request({ method: "PATCH", patch: "apply", path, query: { fieldManager: "test", force: true }, body });

/** From this epoch on the API server refuses the ledger's record that a pool is done. */
export const refuseCompletion = async (kube: KubeClient, epoch: number): Promise<void> => {
  const expression = `object.metadata.name != '${NAMES.ledger}' || !object.data['ledger.json'].matches('"completed": *${epoch}')`;
  await apply(kube, `${POLICIES}/validatingadmissionpolicies/${NAME}`, {
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: "ValidatingAdmissionPolicy",
    metadata: { name: NAME },
    spec: {
      failurePolicy: "Fail",
      matchConstraints: {
        resourceRules: [
          { apiGroups: [""], apiVersions: ["v1"], operations: ["UPDATE"], resources: ["configmaps"] },
        ],
      },
      validations: [{ expression, message: "a fault of the test: the ledger can't be completed" }],
    },
  });
  await apply(kube, `${POLICIES}/validatingadmissionpolicybindings/${NAME}`, {
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: "ValidatingAdmissionPolicyBinding",
    metadata: { name: NAME },
    spec: { policyName: NAME, validationActions: ["Deny"] },
  });
};
