import { createRequire } from "node:module";
import type { ResourceKind } from "../../plugin/kind";
import { servePlugin } from "../../plugin/serve";
import { openClient } from "./client";
import { clusterKind } from "./cluster";
import { nodePoolKind } from "./nodePool";

/*
 * A program: stands in for the plugin `pulumi-resource-gcp`, for the resource types of a GKE stack. It only turns
 * Pulumi's calls into those of GKE's API, which GOOGLE_CONTAINER_CUSTOM_ENDPOINT points at the stand-in API: the rules
 * are there.
 */
const { version } = createRequire(__filename)("@pulumi/gcp/package.json") as { version: string };

const openKinds = (): Readonly<Record<string, ResourceKind>> => {
  const endpoint = process.env["GOOGLE_CONTAINER_CUSTOM_ENDPOINT"];
  if (endpoint?.startsWith("http://127.0.0.1:") !== true)
    throw new Error(
      "the stand-in for Google Cloud speaks to a stand-in API on this machine only: set GOOGLE_CONTAINER_CUSTOM_ENDPOINT",
    );
  const client = openClient({ base: endpoint, token: process.env["GOOGLE_OAUTH_ACCESS_TOKEN"] ?? "" });
  return {
    "gcp:container/cluster:Cluster": clusterKind(client),
    "gcp:container/nodePool:NodePool": nodePoolKind(client),
  };
};

servePlugin({ cloud: "Google Cloud", version, kinds: openKinds(), bridged: true });
