import { mkdirSync } from "node:fs";
import { join } from "node:path";

export const balancerFiles = (dir: string): { readonly orders: string; readonly report: string } => ({
  orders: join(dir, "balancer", "orders.json"),
  report: join(dir, "balancer", "report.json"),
});

export const ensureBalancerFolder = (dir: string): void => {
  mkdirSync(join(dir, "balancer"), { recursive: true, mode: 0o700 });
};
