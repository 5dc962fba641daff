import { parseStack, UpgradableCluster } from "changeover";

const stack = parseStack({
  cluster: { name: "dev", cloud: "lab", version: "1.35" },
  pools: { workers: { size: { min: 3, max: 6 }, machine: "lab.medium" } },
});
if (stack.ok === false)
  throw new Error(stack.problems.map(({ path, message }) => `${path}: ${message}`).join("\n"));

export const { generations } = new UpgradableCluster(stack.value);
