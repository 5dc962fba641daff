import type * as pulumi from "@pulumi/pulumi";

/**
 * The only code that ever reaches Pulumi's state: constant text, no captured values, no logic. Each method resolves
 * the package from the program's folder and forwards, so a delete runs the code that is checked out, not the code of
 * the day the resource was made. The package name and "./gates" are eternal; test/unit/components/shell.test.ts pins
 * this text. No comments inside the methods: they would become part of it.
 */
/* eslint-disable @typescript-eslint/no-require-imports, @typescript-eslint/no-unsafe-return,
   @typescript-eslint/no-unsafe-call, @typescript-eslint/no-unsafe-member-access, @typescript-eslint/require-await
   -- the text is resolved at run time in another process, where none of our types exist */
export const shell: pulumi.dynamic.ResourceProvider = {
  async check(olds: unknown, news: unknown) {
    return require("module")
      .createRequire(process.cwd() + "/package.json")("changeover/gates")
      .check(olds, news);
  },
  async diff(id: string, olds: unknown, news: unknown) {
    return require("module")
      .createRequire(process.cwd() + "/package.json")("changeover/gates")
      .diff(id, olds, news);
  },
  async create(inputs: unknown) {
    return require("module")
      .createRequire(process.cwd() + "/package.json")("changeover/gates")
      .create(inputs);
  },
  async update(id: string, olds: unknown, news: unknown) {
    return require("module")
      .createRequire(process.cwd() + "/package.json")("changeover/gates")
      .update(id, olds, news);
  },
  async delete(id: string, props: unknown) {
    return require("module")
      .createRequire(process.cwd() + "/package.json")("changeover/gates")
      .delete(id, props);
  },
};
