// Plain JavaScript, so that it runs from a clone as from the package. In a program of your own: import from "changeover".
const { existsSync } = require("node:fs");
const { join } = require("node:path");
const { Config } = require("@pulumi/pulumi/config");
const { Release } = require("@pulumi/kubernetes/helm/v3/release");
const { Provider } = require("@pulumi/kubernetes/provider");

const source = join(__dirname, "../../components/source.cjs");
if (existsSync(source)) require(source);
const { openStack } = require("../../components");

/** Folder of the chart: this example keeps each version in one; yours comes from a repository, by `version`. */
const chart = new Config("platform").require("chart");

const beforeNodes = ({ parent, kubeconfig }) => {
  const provider = new Provider("ingress", { kubeconfig: kubeconfig() }, { parent });
  new Release(
    "ingress",
    {
      name: "ingress",
      namespace: "ingress",
      createNamespace: true,
      chart: `./charts/${chart}`,
      // A new cluster has no node yet. PlatformGate waits in its place, where there is something to wait for.
      skipAwait: true,
    },
    { parent, provider },
  );
};

const { cluster, version, generations } = openStack({
  platform: { beforeNodes, namespaces: ["ingress"], revision: chart },
});
module.exports = { cluster, version, generations };
