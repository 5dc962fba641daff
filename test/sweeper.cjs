/**
 * `node sweeper.cjs PID FOLDER`: waits until the test runner is gone, then ends what it left (processes that have the
 * folder in their environment or command line) and removes the folder. Started by realProcesses.cjs.
 */
const { execFileSync } = require("node:child_process");
const { setTimeout } = require("node:timers");
const { existsSync, readdirSync, readFileSync, rmSync } = require("node:fs");

const [runner, folder] = [Number(process.argv[2]), process.argv[3]];
const LOOK_MS = 500;
const TRIES = 20;

const isAlive = pid => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

const read = path => {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
};

/** Pid and all that is known of each process, as text. */
const processes = () => {
  if (!existsSync("/proc/self/environ"))
    return execFileSync("ps", ["-axEww", "-o", "pid=,command="], { encoding: "utf8" })
      .split("\n")
      .map(line => [Number.parseInt(line, 10), line]);
  return readdirSync("/proc")
    .filter(name => /^\d+$/.test(name))
    .map(name => [Number(name), read(`/proc/${name}/cmdline`) + read(`/proc/${name}/environ`)]);
};

const leftovers = () =>
  processes()
    .filter(([pid, text]) => pid !== process.pid && text.includes(folder))
    .map(([pid]) => pid);

const sweep = tries => {
  const left = leftovers();
  for (const pid of left) if (isAlive(pid)) process.kill(pid, "SIGKILL");
  if (left.length > 0 && tries > 0) return void setTimeout(() => sweep(tries - 1), LOOK_MS);
  rmSync(folder, { recursive: true, force: true });
};

const wait = () => (isAlive(runner) ? void setTimeout(wait, LOOK_MS) : sweep(TRIES));
wait();
