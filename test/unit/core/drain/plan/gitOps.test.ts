import { gitOpsOwner } from "../../../../../core/drain/plan/gitOps";

const NOTHING = { labels: {}, annotations: {}, managers: [] };

it.each([
  [
    "Argo CD's annotation",
    { annotations: { "argocd.argoproj.io/tracking-id": "a:apps/Deployment:b" } },
    "Argo CD",
  ],
  ["Argo CD's label", { labels: { "argocd.argoproj.io/instance": "shop" } }, "Argo CD"],
  ["Argo CD's field manager", { managers: ["argocd-controller", "kubectl"] }, "Argo CD"],
  ["Flux' kustomization", { labels: { "kustomize.toolkit.fluxcd.io/name": "apps" } }, "Flux"],
  ["Flux' Helm release", { labels: { "helm.toolkit.fluxcd.io/name": "shop" } }, "Flux"],
  ["Flux' field manager", { managers: ["kustomize-controller"] }, "Flux"],
  ["a label that Helm sets as well", { labels: { "app.kubernetes.io/instance": "shop" } }, undefined],
  ["people and controllers", { managers: ["kubectl", "kube-controller-manager"] }, undefined],
] as const)("knows who sets fields back by %s", (_title, traces, owner) => {
  expect(gitOpsOwner({ ...NOTHING, ...traces })).toBe(owner);
});
