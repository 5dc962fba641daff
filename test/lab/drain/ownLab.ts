import { type KubeClient, openKube } from "../../../kube";
import { ensureLab, type LabSpec } from "../../../lab";
import { type Audit, startAuditor } from "../../support/auditor";
import { NEW, useTemporaryLabs } from "../../support/temporaryLabs";
import { endCommands } from "./childRun";

interface Opened {
  readonly kube: KubeClient;
  readonly kubeconfig: string;
}

/** The lab of one test file, open from before its first test to its end. */
export interface OwnLab extends Opened {
  readonly audit: () => Promise<Audit>;
}

/** Ends what the file's tests have started as well. */
export const useLab = (name: string, spec: Partial<LabSpec> = {}): OwnLab => {
  const { root } = useTemporaryLabs();
  let open: Opened | undefined;
  const opened = (): Opened => {
    if (open === undefined) throw new Error(`the lab ${name} is not open yet`);
    return open;
  };
  beforeAll(async () => {
    const { kubeconfig = "" } = await ensureLab({ name, version: NEW, apiserverCount: 1, ...spec });
    open = { kubeconfig, kube: await openKube({ kubeconfig }) };
  });
  afterAll(async () => {
    endCommands();
    await open?.kube.close();
  });
  return {
    get kube() {
      return opened().kube;
    },
    get kubeconfig() {
      return opened().kubeconfig;
    },
    audit: () => startAuditor(opened().kubeconfig, root),
  };
};
