import { readFileSync } from "node:fs";
import type * as identity from "@azure/identity";
import { loadCloud } from "../../load";
import { AKS_SERVER } from "../facts";

/** Loaded with the first credential: what only reads answers of Azure needs none of it. */
const library = (): typeof identity =>
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- as the adapter itself is loaded
  loadCloud("aks", () => require("@azure/identity") as typeof identity);

type TokenCredential = identity.TokenCredential;

interface Environment {
  readonly arm: string;
  readonly authority: string;
}

/** Azure's clouds as ARM_ENVIRONMENT calls them. */
const CLOUDS: Readonly<Record<string, Environment>> = {
  public: { arm: "https://management.azure.com", authority: "https://login.microsoftonline.com" },
  usgovernment: {
    arm: "https://management.usgovcloudapi.net",
    authority: "https://login.microsoftonline.us",
  },
  china: { arm: "https://management.chinacloudapi.cn", authority: "https://login.chinacloudapi.cn" },
};

const read = (name: string): string | undefined => {
  const found = process.env[name];
  return found === undefined || found === "" ? undefined : found;
};

const environment = (): Environment => {
  const name = read("ARM_ENVIRONMENT") ?? "public";
  const found = CLOUDS[name];
  if (found === undefined)
    throw new Error(`ARM_ENVIRONMENT is "${name}"; known are ${Object.keys(CLOUDS).join(", ")}`);
  return found;
};

/** Address of Azure Resource Manager, without a slash at its end. ARM_ENDPOINT says one that is no public cloud's. */
export const armEndpoint = (): string => (read("ARM_ENDPOINT") ?? environment().arm).replace(/\/$/, "");

const armScope = (): string => `${environment().arm}/.default`;
const AKS_SCOPE = `${AKS_SERVER}/.default`;

const federatedToken = (): string => {
  const file = read("ARM_OIDC_TOKEN_FILE_PATH");
  const token =
    read("ARM_OIDC_TOKEN") ?? (file === undefined ? undefined : readFileSync(file, "utf8").trim());
  if (token === undefined) throw new Error("ARM_USE_OIDC is set without ARM_OIDC_TOKEN(_FILE_PATH)");
  return token;
};

const isOn = (name: string): boolean => read(name)?.toLowerCase() === "true";

/** One application, by the variables of the provider; `undefined` where they name none. */
const application = (authorityHost: string): TokenCredential | undefined => {
  const { ClientAssertionCredential, ClientSecretCredential } = library();
  const [tenant, client, secret] = [read("ARM_TENANT_ID"), read("ARM_CLIENT_ID"), read("ARM_CLIENT_SECRET")];
  if (tenant === undefined || client === undefined) return undefined;
  if (isOn("ARM_USE_OIDC"))
    return new ClientAssertionCredential(tenant, client, () => Promise.resolve(federatedToken()), {
      authorityHost,
    });
  return secret === undefined
    ? undefined
    : new ClientSecretCredential(tenant, client, secret, { authorityHost });
};

const openCredential = (): TokenCredential => {
  const { DefaultAzureCredential, ManagedIdentityCredential } = library();
  const clientId = read("ARM_CLIENT_ID");
  if (isOn("ARM_USE_MSI")) return new ManagedIdentityCredential(clientId === undefined ? {} : { clientId });
  const { authority } = environment();
  return application(authority) ?? new DefaultAzureCredential({ authorityHost: authority });
};

let opened: TokenCredential | undefined;

interface Token {
  readonly token: string;
  readonly expiresOnTimestamp: number;
}

const tokenFor = async (scope: string): Promise<Token> => {
  opened ??= openCredential();
  const token = await opened.getToken(scope);
  if (token === null) throw new Error("Azure's library gave no access token");
  return token;
};

/** Credentials come from where the provider takes them, fresh when they expire; none is ever stored. */
export const armToken = async (): Promise<string> => (await tokenFor(armScope())).token;

/** What a cluster's API takes as bearer token. */
export const clusterToken = (): Promise<Token> => tokenFor(AKS_SCOPE);
