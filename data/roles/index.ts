import aks from "./aks.json";
import eks from "./eks.json";
import gke from "./gke.json";

/**
 * The role that an identity needs who runs `pulumi up`, in the form that each cloud's own tool takes: an IAM policy, a
 * custom role of Google Cloud, a custom role of Azure. What gates ask is read off the sources by a test; what providers
 * ask is from the clouds' references: docs.aws.amazon.com/service-authorization (Amazon EKS),
 * cloud.google.com/kubernetes-engine/docs/reference/api-permissions, learn.microsoft.com/azure/role-based-access-control.
 */
export const ROLES = { eks, gke, aks };
