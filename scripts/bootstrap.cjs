/**
 * A fresh clone has no node_modules: every command that a newcomer runs first comes through here and installs them.
 * Plain CommonJS, because nothing that could compile TypeScript is there yet.
 */
const { spawnSync } = require("node:child_process");
const { existsSync, statSync } = require("node:fs");
const { join } = require("node:path");

const root = join(__dirname, "..");
const installed = join(root, "node_modules", ".package-lock.json");
const ownNode = join(root, "node_modules", "node", "bin", "node");
const OLDEST = [22, 18];

/** npm writes the installed tree's lock last, so an older one than ours means an interrupted or outdated install. */
const isCurrent = () =>
  existsSync(installed) && statSync(installed).mtimeMs >= statSync(join(root, "package-lock.json")).mtimeMs;

/**
 * Installs what package-lock.json names, once, and leaves the lock as it is. Not `npm ci`: that refuses a lock which
 * lacks the optional packages of other platforms, and some registries do not serve those.
 */
const ensureDependencies = () => {
  if (isCurrent()) return;
  console.error("installing the npm packages of this clone (once, about a minute) …");
  const npm = process.platform === "win32" ? "npm.cmd" : "npm";
  const done = spawnSync(npm, ["install", "--no-save", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: root,
    stdio: ["ignore", 2, 2],
  });
  if (done.status !== 0) {
    console.error(
      "npm install failed: see above. It needs the npm registry; behind a proxy set npm's `registry`.",
    );
    process.exit(done.status ?? 1);
  }
};

const tooOld = () => {
  const [major, minor] = process.versions.node.split(".").map(Number);
  return major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1]);
};

/** The node that runs the product: this one when it is new enough, else the one that the clone's packages bring. */
const nodePath = () => (tooOld() && existsSync(ownNode) ? ownNode : process.execPath);

module.exports = { ensureDependencies, nodePath, root };
