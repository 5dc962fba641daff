import { z } from "zod";
import { parseGenerationId } from "../identity/names";
import { closed } from "./closed";
import { quote, refuseValue } from "./refusal";
import { versionText } from "./versionText";

const generation = z.string().superRefine((found, context) => {
  if (parseGenerationId(found) !== undefined) return;
  const message = `found ${quote(found)}; a generation is called "<pool>-<major>-<minor>-<6 hex>"`;
  const fix = "run `changeover adopt`, which writes the whole entry";
  refuseValue(context, { code: "Adopt.Generation", message, fix });
});

/** `pools.<name>.adopt`: a pool of machines that was there before; `changeover adopt` writes it. */
export const adoptPoolSchema = closed({
  name: z
    .string()
    .min(1)
    .describe(
      'What the cloud calls it, which it stays until it is destroyed; on kubeadm the names of its nodes, "w1,w2".',
    ),
  generation: generation.describe(
    "The generation it stands for: the pool's settings at adoption, hashed. Others are made by name as ever.",
  ),
});

/** `cluster.adopt`: a control plane that was there before; `changeover adopt` writes it. */
export const adoptClusterSchema = closed({
  version: versionText().describe("What it ran when it was taken over, as cluster.version was written then."),
});
