import { createRequire } from "node:module";

/** Loads a module as the project's own copy of the Pulumi SDK sees it: ours may be another one. */
export const sdkModule = (name: string): unknown => {
  const project = createRequire(`${process.cwd()}/package.json`);
  return createRequire(project.resolve("@pulumi/pulumi/package.json"))(name);
};
