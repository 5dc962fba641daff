import { statSync } from "node:fs";
import { readText, writeJson } from "../files";
import { balancerFiles } from "./files";
import { createBalancer } from "./serve";
import { parseOrders, type BalancerOrders, type BalancerReport } from "./state";

/*
 * The balancer's own process: `main DIR PORT`. It follows DIR/balancer/orders.json and answers in report.json. Files
 * and not a socket: orders must outlive both sides, and a restart finds them where they were.
 */
const LOOK_EVERY_MS = 50;

const [dir = "", port = ""] = process.argv.slice(2);
const files = balancerFiles(dir);
const balancer = createBalancer();
let current: BalancerOrders | undefined;
let lastSeen = "";
let lastReport = "";

const stampOf = (path: string): string => {
  const stat = statSync(path, { throwIfNoEntry: false, bigint: true });
  return stat === undefined ? "" : `${stat.ino}/${stat.mtimeNs}/${stat.size}`;
};

const readOrders = (): void => {
  const stamp = stampOf(files.orders);
  if (stamp === lastSeen) return;
  const next = parseOrders(readText(files.orders) ?? "");
  if (next === undefined) return;
  lastSeen = stamp;
  current = next;
  balancer.follow(next);
};

/** Counts are told only while somebody waits for a backend to become quiet. */
const report = (orders: BalancerOrders): BalancerReport => {
  const draining = orders.backends.some(backend => !backend.open);
  return { revision: orders.revision, pid: process.pid, connections: draining ? balancer.count() : {} };
};

const look = (): void => {
  readOrders();
  if (current === undefined) return;
  const next = report(current);
  const text = JSON.stringify(next);
  if (text === lastReport) return;
  writeJson(files.report, next);
  lastReport = text;
};

for (const name of ["SIGTERM", "SIGINT"] as const) process.once(name, () => process.exit(0));
balancer.server.once("error", error => {
  console.error(`cannot listen on 127.0.0.1:${port}: ${error.message}`);
  process.exit(1);
});
look();
balancer.server.listen({ host: "127.0.0.1", port: Number(port), backlog: 1024 }, () => {
  console.log(`balancing on 127.0.0.1:${port}`);
  setInterval(() => {
    try {
      look();
    } catch (error) {
      console.error(error);
    }
  }, LOOK_EVERY_MS);
});
