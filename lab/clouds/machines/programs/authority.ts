import { createHash, X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { labKubeconfig } from "../../../lab";

interface Kubeconfig {
  readonly clusters: readonly [{ readonly cluster: { readonly "certificate-authority-data": string } }];
}

/** As kubeadm writes it: SHA-256 of the public key (SPKI) of the cluster's authority. */
export const authorityHash = (lab: string): string => {
  const { clusters } = JSON.parse(readFileSync(labKubeconfig(lab) ?? "", "utf8")) as Kubeconfig;
  const pem = Buffer.from(clusters[0].cluster["certificate-authority-data"], "base64");
  const key = new X509Certificate(pem).publicKey.export({ type: "spki", format: "der" });
  return `sha256:${createHash("sha256").update(key).digest("hex")}`;
};
