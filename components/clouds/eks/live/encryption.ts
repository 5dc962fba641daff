import type { Cluster } from "@aws-sdk/client-eks";

/** The user's own key; undefined = AWS's. */
export const keyOf = ({ encryptionConfig = [] }: Cluster): string | undefined =>
  encryptionConfig[0]?.provider?.keyArn;
