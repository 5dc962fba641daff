/**
 * The only code that ever reaches Pulumi's state: constant text, no logic. Each function resolves the package from the
 * program's folder and forwards, so a delete runs the code that is checked out, not the code of the day the resource
 * was made. The package name and "./gates" are eternal; test/unit/components/shell.test.ts pins this text.
 *
 * Written out, not serialised by the SDK from functions of ours: what a loader makes of those differs (ts-node, tsx,
 * compiled, minified), and each difference would show as a change of every gate.
 */
export const SHELL = `const gates = () => require("module").createRequire(process.cwd() + "/package.json")("changeover/gates");
exports.handler = () => ({
  check: async (olds, news) => gates().check(olds, news),
  diff: async (id, olds, news) => gates().diff(id, olds, news),
  create: async inputs => gates().create(inputs),
  update: async (id, olds, news) => gates().update(id, olds, news),
  delete: async (id, props) => gates().delete(id, props),
});
`;
