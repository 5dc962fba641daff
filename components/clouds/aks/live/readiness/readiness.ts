import type { CloudLive } from "../../../../../operations/ports";
import {
  askCloudAndIdentity,
  askSideBySide,
  type Check,
  type Findings,
  ifThere,
  NOTHING,
  once,
} from "../../../shared/live/sideBySide";
import { judgeAddresses, readSubnets } from "./addresses";
import { readIdentityEnds } from "./identity";
import { judgeMachines, readComing } from "./machines";
import { judgePermissions, readMissing } from "./permissions";
import { type Question, readCluster, regionOf } from "./question";
import { judgeQuota, readUsages } from "./quota";
import { checkRegion } from "./region";
import { judgeSelfMoving } from "./selfMoving";
import { judgeUnmade } from "./unmadePools";
import { judgeVersions, readOffer } from "./versions";

/** What Azure itself says of a wanted state: all questions side by side, all findings at once. */
export const readiness: NonNullable<CloudLive["readiness"]> = async (wanted, signal) => {
  const question = { wanted, signal };
  const place = await judgePlace(question);
  if (place.blockers.length > 0) return place;
  const checks = checksOf(question);
  const said = await askCloudAndIdentity(checks, () => readIdentityEnds(process.env), signal);
  return { ...said, warnings: [...place.warnings, ...said.warnings] };
};

/** First, where there is no cluster yet: of a region that is not there all other questions are answered by refusals. */
const judgePlace = async (question: Question): Promise<Findings> =>
  question.wanted.live === undefined
    ? askSideBySide([{ what: "the region", ask: () => checkRegion(question) }], question.signal)
    : NOTHING;

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
