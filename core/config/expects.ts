import { z } from "zod";
import { shaped } from "./shaped";

/**
 * Extended resources are fully-qualified names outside kubernetes.io; "requests." begins the names of quotas.
 * https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/#extended-resources
 */
const EXTENDED =
  /^(?!requests\.)(?!([a-z0-9.-]+\.)?kubernetes\.io\/)[a-z0-9]([a-z0-9.-]*[a-z0-9])?\/[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?$/;

/** Device → fewest of it that each node of a new generation must offer before it counts as proven. */
export const expects = () =>
  z.record(
    shaped(EXTENDED, "an extended resource, prefix and name outside kubernetes.io", "nvidia.com/gpu"),
    z.int().min(1),
  );
