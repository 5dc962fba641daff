import type { ClusterSpec } from "../../core/config";
import type { CloudFacts, CloudResources } from "./contract";
import { labFacts } from "./lab/facts";
import { labResources } from "./lab/resources";
import { notYet } from "./notYet";

export interface Cloud {
  readonly facts: CloudFacts;
  readonly resources: CloudResources;
}

/** Complete by type: a new cloud name does not compile until it has an entry. */
const CLOUDS: Record<ClusterSpec["cloud"], () => Cloud> = {
  lab: () => ({ facts: labFacts, resources: labResources }),
  eks: () => notYet("eks"),
  gke: () => notYet("gke"),
  aks: () => notYet("aks"),
  kubeadm: () => notYet("kubeadm"),
};

export const cloudOf = (name: ClusterSpec["cloud"]): Cloud => CLOUDS[name]();
