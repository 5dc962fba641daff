import { randomBytes, webcrypto } from "node:crypto";
import "reflect-metadata";
import * as x509 from "@peculiar/x509";

type CryptoKeyPair = webcrypto.CryptoKeyPair;
type CryptoKey = webcrypto.CryptoKey;

/** One key with its certificate, in the form the servers read. */
export interface Issued {
  readonly certificate: string;
  readonly key: string;
}

export interface Authority extends Issued {
  readonly parsed: x509.X509Certificate;
  readonly keys: CryptoKeyPair;
}

export interface LeafRequest {
  readonly commonName: string;
  readonly organisation?: string;
  readonly usage: "server" | "client" | "both";
  readonly dnsNames?: readonly string[];
  readonly addresses?: readonly string[];
}

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const YEAR_MS = 365 * 24 * 3600 * 1000;
/** A throw-away authority for loopback servers; long enough that nobody meets its end. */
const VALID_YEARS = 10;
/** Clocks of containers on one machine may differ a little. */
const BACKDATE_MS = 3600 * 1000;
const USAGES = {
  server: [x509.ExtendedKeyUsage.serverAuth],
  client: [x509.ExtendedKeyUsage.clientAuth],
  both: [x509.ExtendedKeyUsage.serverAuth, x509.ExtendedKeyUsage.clientAuth],
};

export const makeKeys = async (): Promise<CryptoKeyPair> =>
  webcrypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);

export const privatePem = async (keys: CryptoKeyPair): Promise<string> =>
  x509.PemConverter.encode(await webcrypto.subtle.exportKey("pkcs8", keys.privateKey), "PRIVATE KEY") + "\n";

export const publicPem = async (keys: CryptoKeyPair): Promise<string> =>
  x509.PemConverter.encode(await webcrypto.subtle.exportKey("spki", keys.publicKey), "PUBLIC KEY") + "\n";

const validity = (): { readonly notBefore: Date; readonly notAfter: Date } => ({
  notBefore: new Date(Date.now() - BACKDATE_MS),
  notAfter: new Date(Date.now() + VALID_YEARS * YEAR_MS),
});

/** Positive and not zero, as RFC 5280 (4.1.2.2) has it. */
const serialNumber = (): string => `01${randomBytes(15).toString("hex")}`;

const nameOf = (request: Pick<LeafRequest, "commonName" | "organisation">): x509.JsonName => {
  const organisation = request.organisation === undefined ? [] : [{ O: [request.organisation] }];
  return [...organisation, { CN: [request.commonName] }];
};

export const makeAuthority = async (commonName: string): Promise<Authority> => {
  const keys = await makeKeys();
  const parsed = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(),
    name: nameOf({ commonName }),
    ...validity(),
    signingAlgorithm: ALGORITHM,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { certificate: `${parsed.toString("pem")}\n`, key: await privatePem(keys), parsed, keys };
};

const leafExtensions = async (
  authority: Authority,
  request: LeafRequest,
  publicKey: CryptoKey,
): Promise<x509.Extension[]> => {
  const names: x509.JsonGeneralNames = [
    ...(request.dnsNames ?? []).map(value => ({ type: "dns" as const, value })),
    ...(request.addresses ?? []).map(value => ({ type: "ip" as const, value })),
  ];
  return [
    new x509.BasicConstraintsExtension(false, undefined, true),
    new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
    new x509.ExtendedKeyUsageExtension(USAGES[request.usage]),
    await x509.AuthorityKeyIdentifierExtension.create(authority.parsed),
    await x509.SubjectKeyIdentifierExtension.create(publicKey),
    ...(names.length === 0 ? [] : [new x509.SubjectAlternativeNameExtension(names)]),
  ];
};

export const issueLeaf = async (authority: Authority, request: LeafRequest): Promise<Issued> => {
  const keys = await makeKeys();
  const parsed = await x509.X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    subject: nameOf(request),
    issuer: authority.parsed.subjectName,
    ...validity(),
    signingAlgorithm: ALGORITHM,
    publicKey: keys.publicKey,
    signingKey: authority.keys.privateKey,
    extensions: await leafExtensions(authority, request, keys.publicKey),
  });
  return { certificate: `${parsed.toString("pem")}\n`, key: await privatePem(keys) };
};
