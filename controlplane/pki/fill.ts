import { writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  issueLeaf,
  makeAuthority,
  makeKeys,
  privatePem,
  publicPem,
  type Authority,
  type Issued,
} from "./issue";
import { AUTHORITIES, LEAVES, SERVICE_ACCOUNT, type AuthorityName } from "./layout";

const put = (folder: string, file: string, text: string): void =>
  writeFileSync(join(folder, file), text, { mode: 0o600 });

const putPair = (folder: string, file: string, issued: Issued): void => {
  put(folder, `${file}.crt`, issued.certificate);
  put(folder, `${file}.key`, issued.key);
};

/** Writes every authority, leaf and key of a control plane into an empty folder. */
export const fillPki = async (folder: string): Promise<void> => {
  const made = await Promise.all(
    Object.entries(AUTHORITIES).map(async ([file, name]) => [file, await makeAuthority(name)] as const),
  );
  const authorities = Object.fromEntries(made) as Record<AuthorityName, Authority>;
  for (const [file, authority] of made) putPair(folder, file, authority);
  for (const leaf of LEAVES) putPair(folder, leaf.file, await issueLeaf(authorities[leaf.authority], leaf));
  const signing = await makeKeys();
  put(folder, `${SERVICE_ACCOUNT}.key`, await privatePem(signing));
  put(folder, `${SERVICE_ACCOUNT}.pub`, await publicPem(signing));
};
