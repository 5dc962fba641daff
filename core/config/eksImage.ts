/** "1.35.4-20261105", or with its family before it: "AL2023_ARM_64_STANDARD/1.35.4-20261105". */
const IMAGE = /^(?:([A-Z][A-Za-z0-9_]*)\/)?(\S+)$/;

export interface EksImage {
  /** AMI type as EKS names it; absent = the general one for the machine's architecture. */
  readonly family?: string;
  readonly release: string;
}

export const parseEksImage = (image: string): EksImage => {
  const [, family, release = image] = IMAGE.exec(image) ?? [];
  return family === undefined ? { release } : { family, release };
};
