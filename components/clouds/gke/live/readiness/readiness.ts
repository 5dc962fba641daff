import type { CloudLive } from "../../../../../operations/ports";
import { askCloudAndIdentity, type Check, ifThere, once } from "../../../shared/live/sideBySide";
import { readOffered } from "../offered";
import { judgeAddresses, readNodeRange } from "./addresses";
import { readIdentityEnds } from "./identity";
import { judgeMachines, readComing } from "./machines";
import { judgePermissions, readMissing } from "./permissions";
import { type Question, readCluster, regionOf } from "./question";
import { judgeQuota, readQuotas } from "./quota";
import { judgeSelfMoving } from "./selfMoving";
import { goesBack, judgeStage } from "./stage";
import { judgeUnmade } from "./unmadePools";
import { judgeVersions } from "./versions";

/** What Google Cloud itself says of a wanted state: all questions side by side, all findings at once. */
export const readiness: NonNullable<CloudLive["readiness"]> = (wanted, signal) =>
  askCloudAndIdentity(checksOf({ wanted, signal, now: Date.now() }), () => readIdentityEnds(signal), signal);

const checksOf = (question: Question): readonly Check[] => {
  const { wanted, now } = question;
  const region = regionOf(question);
  const cluster = once(() => readCluster(question));
  const coming = once(() => readComing(question));
  return [
    {
      what: "versions that GKE offers",
      ask: async () => {
        const all = [readOffered(wanted.connection, question.signal), cluster()] as const;
        const [offered, found] = await Promise.all(all);
        return judgeVersions(wanted, offered, goesBack(wanted, found));
      },
    },
    { what: "the control plane's stage", ask: async () => judgeStage(question, await cluster()) },
    {
      what: "what GKE does by itself",
      ask: () => ifThere(cluster, found => judgeSelfMoving(wanted, found, now)),
    },
    {
      what: "node pools of former runs",
      ask: () => ifThere(cluster, found => judgeUnmade(wanted, found)),
    },
    { what: "machine types", ask: async () => judgeMachines(await coming(), region) },
    {
      what: "quotas",
      ask: async () => {
        const all = [coming(), readQuotas(question), cluster()] as const;
        const [machines, quotas, found] = await Promise.all(all);
        return judgeQuota({ coming: machines, quotas, cluster: found, region });
      },
    },
    {
      what: "addresses",
      ask: () =>
        ifThere(cluster, async found => judgeAddresses(wanted, found, await readNodeRange(question, found))),
    },
    { what: "permissions", ask: async () => judgePermissions(wanted, await readMissing(question)) },
  ];
};
