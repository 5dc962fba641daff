/**
 * What we use of Pulumi's SDK, from the modules that hold it. Its index also loads the automation API, npm's resolver
 * and the TypeScript compiler: 0.4 s of every preview, for nothing that a program with constant shells needs.
 */
export * from "@pulumi/pulumi/config";
export * from "@pulumi/pulumi/errors";
export * from "@pulumi/pulumi/metadata";
export * from "@pulumi/pulumi/output";
export * from "@pulumi/pulumi/resource";
export { allConfig } from "@pulumi/pulumi/runtime/config";
