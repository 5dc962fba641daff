import type { AcceptedOutage } from "../../../core/config";
import type { GateInputs } from "../../gates/protocol";

/** Packages of Kubernetes that a script installs. */
export interface KubeadmPackages {
  /** File on the machine that the repositories are signed with. */
  readonly keyring: string;
  /** Address of each repository. */
  readonly sources: readonly string[];
  /** Name → exact version, "1.36.4-1.1". */
  readonly versions: Readonly<Record<string, string>>;
}

/** Machines that something is about to be done on: looked at before anything changes, invited where they shall join. */
export interface KubeadmMachinesInputs extends GateInputs {
  readonly gate: "KubeadmMachines";
  readonly cluster: string;
  /** The exact version that the control plane is about to have; said only of its machines. */
  readonly version?: string;
  /** What of an outage somebody accepts; said only of the control plane's machines, where config says it. */
  readonly acceptedOutage?: AcceptedOutage;
  /** Node name → ssh address. */
  readonly hosts: Readonly<Record<string, string>>;
  /** Absent = these are the control plane's. */
  readonly pool?: string;
  readonly generation?: string;
  /** Its machines are nodes that somebody else joined. Said only there. */
  readonly adopted?: boolean;
  /** What will be installed on them; absent in what older releases stored. */
  readonly packages?: KubeadmPackages;
}

export interface KubeadmMachinesOutputs extends KubeadmMachinesInputs {
  readonly outcome: { readonly invited: readonly string[] };
}
