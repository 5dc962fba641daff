/** A machine as Go and the release pages name it. */
export interface Platform {
  readonly os: string;
  readonly arch: string;
}

const GO_ARCH: Readonly<Record<string, string>> = { x64: "amd64", arm64: "arm64" };

export const thisPlatform = (): Platform => ({
  os: process.platform,
  arch: GO_ARCH[process.arch] ?? process.arch,
});

export const platformText = (platform: Platform): string => `${platform.os}/${platform.arch}`;
