import { DescribeNodegroupCommand, type Nodegroup } from "@aws-sdk/client-eks";
import type { Problem } from "../../../../../core/problem";
import { allOf, type Findings, NOTHING } from "../../../shared/live/sideBySide";
import { makeAnew, type Unmade, waitUntilGone } from "../../../shared/live/unmade";
import { nodeGroupName } from "../../facts";
import { askFor } from "../call";
import { eksClient } from "../clients";
import { blocked } from "./findings";
import type { Question } from "./question";

/** Node groups of a former run whose machines EC2 did not give: EKS never finishes one. */
export const checkUnmade = async (question: Question): Promise<Findings> => {
  const { toCome, live } = question.wanted;
  if (live === undefined) return NOTHING;
  return allOf(
    await Promise.all(
      toCome.map(async ({ pool, generation }) =>
        judgeUnmade({ pool, generation }, await readGroup(question, generation)),
      ),
    ),
  );
};

const readGroup = async (
  { wanted: { connection }, region, signal }: Question,
  generation: string,
): Promise<Nodegroup | undefined> => {
  const names = { clusterName: connection.name, nodegroupName: nodeGroupName(generation) };
  const asked = { action: "eks:DescribeNodegroup", on: `node group ${connection.name}/${generation}` };
  const found = await askFor(asked, () =>
    eksClient(region).send(new DescribeNodegroupCommand(names), { abortSignal: signal }),
  );
  return found?.nodegroup;
};

/** One that is being made, or that is short of machines for now, goes on by itself. */
export const judgeUnmade = (
  generation: Pick<Unmade, "pool" | "generation">,
  { status, health }: Pick<Nodegroup, "status" | "health"> = {},
): Findings => {
  const issues = (health?.issues ?? []).map(({ code = "", message = "" }) => `${code}: ${message}`);
  const found = { ...generation, said: [status ?? "", ...issues].join("; ") };
  if (status === "CREATE_FAILED") return blocked(unmade(found));
  return status === "DELETING" || status === "DELETE_FAILED" ? blocked(leaving(found)) : NOTHING;
};

const leaving = ({ pool, generation, said }: Unmade): Problem => ({
  code: "Eks.GroupLeaving",
  path: `pools.${pool}`,
  message: `EKS is deleting ${generation}, which is wanted again: ${said}`,
  fix: waitUntilGone(generation),
  source: "https://docs.aws.amazon.com/eks/latest/APIReference/API_Nodegroup.html",
});

const unmade = (failed: Unmade): Problem => ({
  code: "Eks.GroupUnmade",
  path: `pools.${failed.pool}`,
  message: `EKS could not make ${failed.generation} in a former run and takes no change of it: ${failed.said}`,
  fix: makeAnew(failed),
  source: "https://docs.aws.amazon.com/eks/latest/APIReference/API_Issue.html",
});
