import { type Expected, judgePreview } from "../../../core/adopt/preview";
import type { Adoption } from "../../../core/config/adoption";
import { ProblemError } from "../../../core/problem";
import { previewWith } from "../../pulumiPreview";
import type { RawStackFile } from "../../stackFile";

interface Proposed {
  readonly adoption: Adoption;
  readonly options: { readonly cwd: string; readonly stack: string };
}

/** By a real preview with the config that would be: nothing of the cloud's is made, changed, replaced or deleted. */
export const prove = async (
  file: RawStackFile,
  { adoption, options }: Proposed,
  signal: AbortSignal,
): Promise<void> => {
  const config = file.render(adoption.edits);
  const steps = await previewWith({ cwd: options.cwd, stack: options.stack, config }, signal);
  const problems = judgePreview(steps, expectedOf(adoption));
  if (problems.length > 0)
    throw new ProblemError("the preview does not prove it; nothing was written", problems);
};

/** What is the user's own machines' the engine can't import: its Commands look at each and find it as it is. */
const expectedOf = (adoption: Adoption): Expected => {
  const { cluster } = adoption.spec;
  const pools = adoption.pools.filter(isCurrent(adoption));
  const generations = pools.map(({ generation }) => generation);
  if (cluster.kubeadm === undefined)
    return { imports: [cluster.name, ...generations, ...adoption.addOns], looks: [] };
  const looks = [
    ...Object.keys(cluster.kubeadm.controlPlanes).map(node => `${cluster.name}-${node}`),
    ...pools.flatMap(({ generation, existing }) => [
      generation,
      ...existing.name.split(",").map(node => `${generation}-${node}`),
    ]),
  ];
  return { imports: [], looks };
};

/** A pool that has moved on since has its adopted generation in the state, or nowhere. */
const isCurrent =
  ({ edits }: Adoption) =>
  ({ pool }: Adoption["pools"][number]): boolean =>
    edits.some(({ path }) => path[0] === "pools" && path[1] === pool);
