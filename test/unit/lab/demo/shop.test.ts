import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { parse } from "yaml";
import { SHOP_MANIFESTS } from "../../../../lab/demo/shop/manifests";
import { pathOf } from "../../../../lab/demo/shop/openShop";
import { demoConfig, describeEdit, STACK_FILE } from "../../../../lab/demo/stackConfig";

const stackText = readFileSync(resolve(__dirname, "../../../..", STACK_FILE), "utf8");
const namesOf = (kind: string) =>
  SHOP_MANIFESTS.filter(one => one.kind === kind).map(one => one.metadata.name);

describe("the shop", () => {
  it("has every kind of workload that an upgrade can break", () => {
    const kinds = [
      "Deployment",
      "StatefulSet",
      "DaemonSet",
      "Job",
      "CronJob",
      "HorizontalPodAutoscaler",
      "PodDisruptionBudget",
    ];
    expect(kinds.filter(kind => namesOf(kind).length === 0)).toEqual([]);
  });

  it("has workloads with a budget and some without, a StatefulSet among each", () => {
    const budgets = namesOf("PodDisruptionBudget");
    const bare = (kind: string) => namesOf(kind).filter(name => !budgets.includes(name));
    expect([bare("Deployment"), bare("StatefulSet")]).toEqual([["search", "mailer"], ["sessions"]]);
  });

  it("names each object once, under the path of its kind", () => {
    const paths = SHOP_MANIFESTS.map(pathOf);
    expect(new Set(paths).size).toBe(paths.length);
    expect(paths.slice(0, 2)).toEqual([
      "/api/v1/namespaces/shop",
      "/apis/policy/v1/namespaces/shop/poddisruptionbudgets/frontend",
    ]);
  });
});

describe("the demo's config", () => {
  it("is the repository's own, but for the cluster's name and the version", () => {
    const { config } = parse(stackText) as { config: Record<string, object> };
    const made = demoConfig(stackText, "1.36");
    expect(made).toEqual({
      ...config,
      "changeover:cluster": { ...config["changeover:cluster"], name: "demo", version: "1.36" },
    });
  });

  it("shows the line that changes as it stands in the file", () => {
    const edit = describeEdit(stackText, "1.35", "1.36");
    expect(edit).toEqual([STACK_FILE, '-     version: "1.35"', '+     version: "1.36"']);
    expect(stackText).toContain(edit[1]?.slice(2));
  });
});
