import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { join } from "node:path";
import { isPortFree } from "../../../controlplane/process/ports";
import { destroyLab, ensureLab, labDir, labStatus, listLabs } from "../../../lab";
import { readVersion } from "../../../kube";
import {
  NEW,
  OLD,
  eventually,
  processesOf,
  run,
  useTemporaryLabs,
  withKube,
} from "../../support/temporaryLabs";

const { root } = useTemporaryLabs();
const REPOSITORY = join(__dirname, "..", "..", "..");

const kill = (lab: string, ...roles: readonly string[]): void => {
  for (const { role, pid } of labStatus(lab).processes)
    if (roles.includes(role) && pid !== undefined) process.kill(pid, "SIGKILL");
};

const dead = (lab: string): readonly string[] =>
  labStatus(lab)
    .processes.filter(({ alive }) => !alive)
    .map(({ role }) => role);

const pidsOf = (lab: string): Record<string, number | undefined> =>
  Object.fromEntries(labStatus(lab).processes.map(({ role, pid }) => [role, pid]));

/** Somebody else's server on a port; undefined while the port is not free. */
const squat = (port: number): Promise<Server | undefined> =>
  new Promise(resolve => {
    const server = createServer();
    server.once("error", () => resolve(undefined));
    server.listen(port, "127.0.0.1", () => resolve(server));
  });

describe("a lab whose processes die", () => {
  beforeAll(async () => {
    await ensureLab({ name: "mend", version: OLD }, run());
  });

  it.each([
    ["one apiserver", ["kube-apiserver-b"]],
    ["etcd", ["etcd"]],
    ["the balancer", ["balancer"]],
    ["controllers and simulator", ["kube-controller-manager", "kube-scheduler", "kwok"]],
    [
      "everything",
      [
        "etcd",
        "kube-apiserver-a",
        "kube-apiserver-b",
        "balancer",
        "kube-controller-manager",
        "kube-scheduler",
        "kwok",
      ],
    ],
  ])("says so and is mended: %s", async (_, roles) => {
    const before = pidsOf("mend");
    kill("mend", ...roles);
    const allDead = (): boolean => roles.every(role => dead("mend").includes(role));
    await eventually("their end", () => Promise.resolve(allDead() || undefined));
    expect(labStatus("mend").state).toBe(roles.length === 7 ? "down" : "broken");
    const said: string[] = [];
    const options = { ...run(), progress: (line: string) => said.push(line) };
    expect((await ensureLab({ name: "mend", version: OLD }, options)).state).toBe("running");
    const after = pidsOf("mend");
    const restarted = Object.keys(after).filter(role => after[role] !== before[role]);
    expect(restarted).toEqual(expect.arrayContaining([...roles]));
    // A controller-manager that is still starting ends by itself when its server dies: only what died is started.
    const diedItself = (role: string): boolean => said.some(line => line.startsWith(`start ${role} again`));
    expect(restarted.filter(role => !roles.includes(role) && !diedItself(role))).toEqual([]);
    expect(said.filter(line => /^(?:restart|roll) /u.test(line))).toEqual([]);
    expect(await withKube("mend", kube => readVersion(kube))).toMatchObject({ gitVersion: `v${OLD}` });
  });

  it("moves to another port when somebody took the one of a dead process", async () => {
    const { port = 0 } = labStatus("mend").processes.find(({ role }) => role === "etcd") ?? {};
    kill("mend", "etcd");
    const squatter = await eventually("the port being free", () => squat(port));
    const { state, processes } = await ensureLab({ name: "mend", version: OLD }, run());
    squatter.close();
    expect(state).toBe("running");
    expect(processes.find(({ role }) => role === "etcd")?.port).not.toBe(port);
    expect(await withKube("mend", kube => readVersion(kube))).toMatchObject({ gitVersion: `v${OLD}` });
  });

  it("goes on where a killed upgrade stopped", async () => {
    const caller = spawn(process.execPath, ["cli/bin.cjs", "lab", "up", "mend", "--kubernetes", NEW], {
      cwd: REPOSITORY,
      stdio: "ignore",
      env: { ...process.env, CHANGEOVER_LABS: root },
    });
    const half = (): Promise<true | undefined> => {
      const apiserver = labStatus("mend").processes.find(({ role }) => role === "kube-apiserver-a");
      return Promise.resolve(apiserver?.program.endsWith(NEW) === true ? true : undefined);
    };
    await eventually("the first apiserver being rolled", half);
    caller.kill("SIGKILL");
    await once(caller, "exit");
    expect((await ensureLab({ name: "mend", version: NEW }, run())).state).toBe("running");
    expect(await withKube("mend", kube => readVersion(kube))).toMatchObject({ gitVersion: `v${NEW}` });
  });

  it("stops in the middle when it is called off, and can be taken up again", async () => {
    kill("mend", "kube-scheduler");
    const controller = new AbortController();
    const progress = (): void => controller.abort(new Error("called off"));
    const called = ensureLab({ name: "mend", version: NEW }, { progress, signal: controller.signal });
    await expect(called).rejects.toThrow();
    expect((await ensureLab({ name: "mend", version: NEW }, run())).state).toBe("running");
  });

  it("is converged once when two callers come at the same time", async () => {
    kill("mend", "kube-scheduler", "etcd");
    const both = await Promise.all([1, 2].map(() => ensureLab({ name: "mend", version: NEW }, run())));
    expect(both.map(({ state }) => state)).toEqual(["running", "running"]);
    expect(both[0]?.processes).toEqual(both[1]?.processes);
  });
});

describe("two labs side by side", () => {
  it("share nothing, and one goes without a trace while the other stays", async () => {
    await ensureLab({ name: "stays", version: OLD }, run());
    const goes = await ensureLab({ name: "goes", version: NEW }, run());
    const folder = labDir("goes");
    expect(listLabs().map(({ name }) => name)).toEqual(expect.arrayContaining(["goes", "stays"]));
    expect(await withKube("goes", kube => readVersion(kube))).toMatchObject({ gitVersion: `v${NEW}` });
    await destroyLab("goes", run());
    expect(existsSync(folder)).toBe(false);
    expect(processesOf(folder)).toEqual([]);
    for (const { port } of goes.processes) expect(await isPortFree(port)).toBe(true);
    expect(labStatus("goes").state).toBe("absent");
    expect(await withKube("stays", kube => readVersion(kube))).toMatchObject({ gitVersion: `v${OLD}` });
  });

  it("may be taken away twice, and half made", async () => {
    await destroyLab("goes", run());
    mkdirSync(join(root, "half"));
    expect(labStatus("half").state).toBe("incomplete");
    await destroyLab("half", run());
    expect(existsSync(join(root, "half"))).toBe(false);
    rmSync(join(root, "half"), { recursive: true, force: true });
  });
});
