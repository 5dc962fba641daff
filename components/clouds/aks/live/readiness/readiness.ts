import type { CloudLive } from "../../../../../operations/ports";
import { askCloudAndIdentity, type Check, ifThere, once } from "../../../shared/live/sideBySide";
import { judgeAddresses, readSubnets } from "./addresses";
import { readIdentityEnds } from "./identity";
import { judgeMachines, readComing } from "./machines";
import { judgePermissions, readMissing } from "./permissions";
import { type Question, readCluster, regionOf } from "./question";
import { judgeQuota, readUsages } from "./quota";
import { judgeSelfMoving } from "./selfMoving";
import { judgeUnmade } from "./unmadePools";
import { judgeVersions, readOffer } from "./versions";

/** What Azure itself says of a wanted state: all questions side by side, all findings at once. */
export const readiness: NonNullable<CloudLive["readiness"]> = (wanted, signal) =>
  askCloudAndIdentity(checksOf({ wanted, signal }), () => readIdentityEnds(process.env), signal);

const checksOf = (question: Question): readonly Check[] => {
  const { wanted } = question;
  const region = regionOf(question);
  const cluster = once(() => readCluster(question));
  const coming = once(() => readComing(question));
  return [
    {
      what: "versions that AKS offers",
      ask: async () => judgeVersions(wanted, await readOffer(question)),
    },
    {
      what: "what AKS does by itself",
      ask: () => ifThere(cluster, found => judgeSelfMoving(wanted, found)),
    },
    {
      what: "agent pools of former runs",
      ask: () => ifThere(cluster, found => judgeUnmade(wanted, found)),
    },
    { what: "machines", ask: async () => judgeMachines(await coming(), region) },
    {
      what: "quotas",
      ask: async () => {
        const [machines, usages] = await Promise.all([coming(), readUsages(question)]);
        return judgeQuota(machines, usages, region);
      },
    },
    {
      what: "addresses",
      ask: async () => {
        const [usages, found] = await Promise.all([readSubnets(question), cluster()]);
        return judgeAddresses(wanted, usages, found);
      },
    },
    { what: "permissions", ask: async () => judgePermissions(await readMissing(question)) },
  ];
};
