import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type * as issue from "./issue";
import { AUTHORITIES, LEAVES, pkiFolder, SERVICE_ACCOUNT, type AuthorityName } from "./layout";

/** Loading the certificate library takes longer than all else here, and most runs find their certificates made. */
const loadIssuer = (): typeof issue =>
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- an import() would need a file extension that source and package do not share
  require("./issue") as typeof issue;

const put = (folder: string, file: string, text: string): void =>
  writeFileSync(join(folder, file), text, { mode: 0o600 });

const putPair = (folder: string, file: string, issued: issue.Issued): void => {
  put(folder, `${file}.crt`, issued.certificate);
  put(folder, `${file}.key`, issued.key);
};

const fill = async (folder: string): Promise<void> => {
  const { issueLeaf, makeAuthority, makeKeys, privatePem, publicPem } = loadIssuer();
  const made = await Promise.all(
    Object.entries(AUTHORITIES).map(async ([file, name]) => [file, await makeAuthority(name)] as const),
  );
  const authorities = Object.fromEntries(made) as Record<AuthorityName, issue.Authority>;
  for (const [file, authority] of made) putPair(folder, file, authority);
  for (const leaf of LEAVES) putPair(folder, leaf.file, await issueLeaf(authorities[leaf.authority], leaf));
  const signing = await makeKeys();
  put(folder, `${SERVICE_ACCOUNT}.key`, await privatePem(signing));
  put(folder, `${SERVICE_ACCOUNT}.pub`, await publicPem(signing));
};

/** All keys and certificates of a control plane, made once; a half-made set never becomes visible. */
export const ensurePki = async (dir: string): Promise<void> => {
  const folder = pkiFolder(dir);
  if (existsSync(folder)) return;
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const beside = mkdtempSync(join(dir, "pki.new-"));
  try {
    await fill(beside);
    renameSync(beside, folder);
  } finally {
    rmSync(beside, { recursive: true, force: true });
  }
};
