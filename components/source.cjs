/**
 * Lets `require` load this clone's TypeScript, for what is started again and again: Pulumi's runner of the program
 * (`nodeargs` in Pulumi.yaml), its provider of gates (gates/load.cjs), the command line and programs of the lab. What was
 * compiled once is kept in node_modules/.cache, and the compiler is loaded only for what changed (docs/adr/0007).
 */
const { createHash } = require("node:crypto");
const { mkdirSync, readFileSync, renameSync, writeFileSync } = require("node:fs");
const Module = require("node:module");
const { join } = require("node:path");

const root = join(__dirname, "..");
const folder = join(root, "node_modules", ".cache", "changeover");
const settings = readFileSync(join(root, "tsconfig.run.json"), "utf8");

const hash = (...parts) => createHash("sha256").update(parts.join("\0")).digest("hex");

const compile = (source, file) => {
  const ts = require("typescript");
  const { config } = ts.parseConfigFileTextToJson("tsconfig.run.json", settings);
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, root);
  const compilerOptions = { ...options, inlineSourceMap: true };
  return ts.transpileModule(source, { fileName: file, compilerOptions }).outputText;
};

/** Where nothing can be written the next run compiles again. */
const keep = (path, text) => {
  const fresh = `${path}.${process.pid}`;
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(fresh, text);
    renameSync(fresh, path);
  } catch {
    return;
  }
};

const read = path => {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
};

/** One entry a file, whose first line names what it was made from: edits replace it. */
const compiled = file => {
  const source = readFileSync(file, "utf8");
  const mark = `// ${hash(source, settings)}\n`;
  const path = join(folder, `${hash(file)}.js`);
  const found = read(path);
  if (found.startsWith(mark)) return found.slice(mark.length);
  const text = compile(source, file);
  keep(path, mark + text);
  return text;
};

Module.enableCompileCache(join(folder, "v8"));
Module.setSourceMapsSupport(true, { nodeModules: false });
Module._extensions[".ts"] = (module, file) => {
  // Pulumi's runners bring source-map-support, which works at every stack, and Pulumi takes one for each promise. Node's
  // own support knows these files, and costs a fifth.
  Error.prepareStackTrace = undefined;
  module._compile(compiled(file), file);
};
