import { devNull } from "node:os";
import { ComponentResource, type Output, runtime } from "@pulumi/pulumi";
import { Cluster as EksCluster } from "@pulumi/aws/eks/cluster";
import { ManagedCluster } from "@pulumi/azure-native/containerservice/managedCluster";
import { Cluster as GkeCluster } from "@pulumi/gcp/container/cluster";
import { cloudOf } from "../../../../components/clouds/registry";
import type { ClusterSpec } from "../../../../core/config";

const SERVER = "https://api.eu.example";
const AUTHORITY = "TFMwdExTMUNSVWRKVGc9PQ==";

/** What AKS answers on a cluster with Entra ID: a program of kubelogin's, to be run by a person. */
const ofAks = JSON.stringify({
  clusters: [{ name: "eu", cluster: { server: SERVER, "certificate-authority-data": AUTHORITY } }],
  users: [{ name: "u", user: { exec: { command: "kubelogin", args: ["--login", "devicecode"] } } }],
});

let asked: object[];

beforeAll(() =>
  runtime.setMocks({
    call: ({ token, inputs }: { readonly token: string; readonly inputs: object }) => {
      asked.push({ token, ...inputs });
      return { kubeconfigs: [{ name: "u", value: Buffer.from(ofAks).toString("base64") }] };
    },
    newResource: ({ name, inputs }: { readonly name: string; readonly inputs: object }) => ({
      id: name,
      state: {
        ...inputs,
        endpoint: name === "gke" ? new URL(SERVER).host : SERVER,
        certificateAuthority: { data: AUTHORITY },
        masterAuth: { clusterCaCertificate: AUTHORITY },
      },
    }),
  }),
);

beforeEach(() => {
  asked = [];
});

const place = { name: "eu", version: "1.36", region: "eu-west-1", project: "shop" };
const role = "arn:aws:iam::111122223333:role/control-plane";
const MADE = {
  eks: () => new EksCluster("eks", { roleArn: role, vpcConfig: { subnetIds: [] } }),
  gke: () => new GkeCluster("gke", {}),
  aks: () => new ManagedCluster("aks", { resourceGroupName: "shop" }),
  kubeadm: () => new ComponentResource("test:machines", "kubeadm"),
};

const valueOf = <T>(output: Output<T>): Promise<T> => new Promise(resolve => output.apply(resolve));

const kubeconfig = (cloud: keyof typeof MADE, own: Partial<ClusterSpec> = {}): Promise<string> => {
  const ssh = { user: "root", knownHosts: devNull, port: 22 };
  const kubeadm = { controlPlanes: {}, ssh } as unknown as NonNullable<ClusterSpec["kubeadm"]>;
  const cluster = { ...place, cloud, kubeadm, ...own } as ClusterSpec;
  const parent = new ComponentResource("test:parent", cloud);
  return valueOf(cloudOf(cloud).open(cluster, parent).kubeconfig(cluster, MADE[cloud]()));
};

const described = (exec: object): object => ({
  apiVersion: "v1",
  kind: "Config",
  clusters: [{ name: "eu", cluster: { server: SERVER, "certificate-authority-data": AUTHORITY } }],
  users: [{ name: "eu", user: { exec: { env: null, interactiveMode: "Never", ...exec } } }],
  contexts: [{ name: "eu", context: { cluster: "eu", user: "eu" } }],
  "current-context": "eu",
});

describe("the kubeconfig that a place hands out", () => {
  it("on eks runs the AWS CLI for the cluster's region", async () => {
    expect(JSON.parse(await kubeconfig("eks"))).toEqual(
      described({
        apiVersion: "client.authentication.k8s.io/v1",
        command: "aws",
        args: ["eks", "get-token", "--cluster-name", "eu", "--region", "eu-west-1", "--output", "json"],
        provideClusterInfo: false,
      }),
    );
  });

  it("on gke runs Google's plugin, which answers in v1beta1", async () => {
    expect(JSON.parse(await kubeconfig("gke"))).toEqual(
      described({
        apiVersion: "client.authentication.k8s.io/v1beta1",
        command: "gke-gcloud-auth-plugin",
        args: [],
        provideClusterInfo: true,
      }),
    );
  });

  it("on aks runs kubelogin without asking anybody, against the API that AKS names", async () => {
    expect(JSON.parse(await kubeconfig("aks"))).toEqual(
      described({
        apiVersion: "client.authentication.k8s.io/v1beta1",
        command: "kubelogin",
        args: ["get-token", "--login", "azurecli", "--server-id", "6dae42f8-4368-4678-94ff-3960e28e3630"],
        provideClusterInfo: false,
      }),
    );
    const token = "azure-native:containerservice:listManagedClusterUserCredentials";
    expect(asked).toEqual([{ token, resourceGroupName: "shop", resourceName: "eu", format: "exec" }]);
  });

  it("on kubeadm is the user's own file", async () => {
    expect(await kubeconfig("kubeadm", { kubeconfig: "./admin.conf" })).toBe("./admin.conf");
  });

  it("is refused on kubeadm where config names a context, which a path can't say", async () => {
    const own = { kubeconfig: "./admin.conf", context: "eu-admin" };
    await expect(async () => kubeconfig("kubeadm", own)).rejects.toThrow(
      "Kubeadm.ContextUnsaid at cluster.context",
    );
  });
});
