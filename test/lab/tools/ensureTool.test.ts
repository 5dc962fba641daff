import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, truncate, utimes, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { create } from "tar";
import { ensureTool, listTools, type InstalledTool, type ToolId } from "../../../controlplane/tools";
import { goArch, KUBE_PROGRAMS, kubePath, publish, publishKubernetes, sha256, talker } from "./releaseServer";
import { openSandbox, type Sandbox } from "./sandbox";

jest.setTimeout(60_000);

const askers: ChildProcess[] = [];
let sandbox: Sandbox;
beforeEach(async () => (sandbox = await openSandbox()));
afterEach(async () => {
  for (const child of askers.splice(0)) child.kill("SIGKILL");
  await sandbox.close();
});

const ensure = (id: ToolId, signal = new AbortController().signal): Promise<InstalledTool> =>
  ensureTool(id, { progress: line => sandbox.lines.push(line), signal });

const asked = (path: string): (string | undefined)[] =>
  sandbox.server.asked.filter(one => one.path === path).map(one => one.range);

const BUILD_ETCD = `for name in server etcdctl etcdutl; do printf '#!/bin/sh\\necho 3.6.8\\n' > $OUT/$name; done`;
const LOCKED = KUBE_PROGRAMS.length + 1;

describe("an official release", () => {
  it("is downloaded, verified and listed as such", async () => {
    publishKubernetes(sandbox.server);
    const tool = await ensure("kubernetes-1.36");
    expect(tool).toMatchObject({ id: "kubernetes-1.36", version: "1.36.4", origin: "release" });
    expect(KUBE_PROGRAMS.every(name => existsSync(tool.bin(name)))).toBe(true);
    expect(tool.sources[0]).toBe(`https://dl.k8s.io/release/v1.36.4/bin/linux/${goArch()}/kube-apiserver`);
    const listed = (await listTools()).find(one => one.id === "kubernetes-1.36");
    expect(listed?.installed?.dir).toBe(tool.dir);
    expect(await sandbox.cached()).toHaveLength(LOCKED);
  });

  it("is asked for once: the second time it comes from the cache", async () => {
    publishKubernetes(sandbox.server);
    const first = await ensure("kubernetes-1.36");
    const requests = sandbox.server.asked.length;
    expect((await ensure("kubernetes-1.36")).dir).toBe(first.dir);
    expect(sandbox.server.asked).toHaveLength(requests);
  });

  it("says how far it is and how long it takes", async () => {
    publishKubernetes(sandbox.server);
    await ensure("kubernetes-1.36");
    expect(sandbox.lines.join("\n")).toMatch(
      /kubernetes 1\.36\.4: kube-apiserver: 0\.3 of 0\.3 MB \(100 %\)/,
    );
    expect(sandbox.lines.at(-1)).toMatch(/^kubernetes 1\.36\.4: ready \(official release, \d+ s\)$/);
  });

  it("gives only the locked programs out of an archive", async () => {
    const folder = `etcd-v3.6.8-linux-${goArch()}`;
    await mkdir(join(sandbox.root, folder));
    for (const name of ["etcd", "etcdctl", "etcdutl", "README.md"])
      await writeFile(join(sandbox.root, folder, name), talker("etcd Version: 3.6.8"));
    const archive = create({ cwd: sandbox.root, gzip: true, sync: true }, [folder]).read() as Buffer;
    const base = "/github.com/etcd-io/etcd/releases/download/v3.6.8";
    sandbox.server.files.set(`${base}/${folder}.tar.gz`, archive);
    sandbox.server.files.set(`${base}/SHA256SUMS`, Buffer.from(`${sha256(archive)}  ${folder}.tar.gz\n`));
    expect((await ensure("etcd-3.6")).origin).toBe("release");
    expect((await sandbox.cached()).toSorted()).toEqual(["etcd", "etcdctl", "etcdutl", "tool.json"]);
  });

  it("is verified by GitHub's own digest where the publisher has no checksum file", async () => {
    const name = `kwok-linux-${goArch()}`;
    const body = talker("kwok version v0.8.0");
    const release = { assets: [{ name, digest: `sha256:${sha256(body)}` }] };
    sandbox.server.files.set(`/github.com/kubernetes-sigs/kwok/releases/download/v0.8.0/${name}`, body);
    const digests = "/api.github.com/repos/kubernetes-sigs/kwok/releases/tags/v0.8.0";
    sandbox.server.files.set(digests, Buffer.from(JSON.stringify(release)));
    expect((await ensure("kwok-0.8")).origin).toBe("release");
  });
});

describe("a bad download", () => {
  it("with another checksum is refused, not built around, and leaves nothing", async () => {
    publishKubernetes(sandbox.server);
    await sandbox.withGo("touch $OUT/../built");
    sandbox.server.files.set(`${kubePath("kubectl")}.sha256`, Buffer.from("a".repeat(64)));
    await expect(ensure("kubernetes-1.36")).rejects.toThrow(/Tools\.ChecksumMismatch.*kubectl.*publisher/s);
    expect((await sandbox.cached()).filter(name => name.startsWith("kubectl"))).toEqual([]);
    expect((await listTools()).every(one => one.installed === undefined)).toBe(true);
  });

  it("that was cut goes on where it stopped", async () => {
    publishKubernetes(sandbox.server);
    publish(sandbox.server, "kube-apiserver", talker("Kubernetes v1.36.4", 8_000_000));
    sandbox.server.cuts.set(kubePath("kube-apiserver"), 6_000_000);
    expect((await ensure("kubernetes-1.36")).origin).toBe("release");
    const ranges = asked(kubePath("kube-apiserver"));
    expect(ranges).toHaveLength(2);
    expect(ranges[1]).toMatch(/^bytes=[1-9]\d*-$/);
  });

  it("of an earlier run goes on where that stopped", async () => {
    publishKubernetes(sandbox.server);
    const folder = join(sandbox.cache, "downloads", `kubernetes-1.36-1.36.4-linux-${goArch()}`);
    await mkdir(folder, { recursive: true });
    const half = sandbox.server.files.get(kubePath("kubectl"))?.subarray(0, 1000) ?? "";
    await writeFile(join(folder, "kubectl.part"), half);
    await ensure("kubernetes-1.36");
    expect(asked(kubePath("kubectl"))).toEqual(["bytes=1000-"]);
  });

  it("whose earlier part is wrong starts again from nothing, once", async () => {
    publishKubernetes(sandbox.server);
    const folder = join(sandbox.cache, "downloads", `kubernetes-1.36-1.36.4-linux-${goArch()}`);
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, "kubectl.part"), "x".repeat(1000));
    expect((await ensure("kubernetes-1.36")).origin).toBe("release");
    expect(asked(kubePath("kubectl"))).toEqual(["bytes=1000-", undefined]);
  });

  it("that does not fit on the disk is refused before the first byte and leaves nothing", async () => {
    publishKubernetes(sandbox.server);
    sandbox.server.announced.set(kubePath("kube-apiserver"), 9e15);
    await expect(ensure("kubernetes-1.36")).rejects.toThrow(/Tools\.DiskFull.*CHANGEOVER_CACHE/s);
    expect(await sandbox.cached()).toEqual([]);
  });

  it("that is another version is refused and leaves nothing installed", async () => {
    publishKubernetes(sandbox.server, "Kubernetes v1.36.3");
    await expect(ensure("kubernetes-1.36")).rejects.toThrow(/Tools\.WrongVersion.*1\.36\.3.*1\.36\.4/s);
    expect(await sandbox.cached()).toEqual([]);
  });
});

describe("without a release", () => {
  it("it is built from Go modules, with the reason", async () => {
    await sandbox.withGo(BUILD_ETCD);
    const tool = await ensure("etcd-3.6");
    expect(tool.origin).toBe("built");
    expect(existsSync(tool.bin("etcd"))).toBe(true);
    expect(sandbox.lines.join("\n")).toMatch(/no official release \(.*SHA256SUMS answers 404\); building it/);
  });

  it("an unreachable publisher costs seconds, not a time-out per file", async () => {
    await sandbox.withGo(
      `for name in ${KUBE_PROGRAMS.join(" ")}; do printf '#!/bin/sh\\necho v1.36.4\\n' > $OUT/$name; done`,
    );
    await sandbox.server.close();
    const started = Date.now();
    expect((await ensure("kubernetes-1.36")).origin).toBe("built");
    expect(Date.now() - started).toBeLessThan(3_000);
    expect(sandbox.lines[0]).toContain("dl.k8s.io can't be reached: ECONNREFUSED");
  });

  it("and without Go it says both reasons and what to install", async () => {
    const refusal = /Tools\.NoWayToInstall.*answers 404.*no Go on PATH.*HTTPS_PROXY.*install Go 1\.26/s;
    await expect(ensure("etcd-3.6")).rejects.toThrow(refusal);
    expect(await sandbox.cached()).toEqual([]);
  });

  it("and with an old Go it says which one it found", async () => {
    await sandbox.withGo(BUILD_ETCD, "go1.21.3");
    await expect(ensure("etcd-3.6")).rejects.toThrow(/found go1\.21\.3, needs 1\.26/);
  });

  it("a failing build shows its last lines and leaves nothing", async () => {
    await sandbox.withGo("echo 'go: module lookup disabled by GOPROXY=off' >&2; touch $OUT/half; exit 1");
    await expect(ensure("etcd-3.6")).rejects.toThrow(/Tools\.BuildFailed.*lookup disabled by GOPROXY=off/s);
    expect(await sandbox.cached()).toEqual([]);
  });

  it("a build that fills the disk says so", async () => {
    await sandbox.withGo("echo 'write /tmp/x: no space left on device' >&2; exit 1");
    await expect(ensure("etcd-3.6")).rejects.toThrow(/Tools\.DiskFull/);
  });

  it("a program that was built wrong is not accepted", async () => {
    await sandbox.withGo(BUILD_ETCD.replace("3.6.8", "3.6.80"));
    await expect(ensure("etcd-3.6")).rejects.toThrow(/Tools\.WrongVersion/);
    expect(await sandbox.cached()).toEqual([]);
  });

  it("an abort ends the build with everything it started", async () => {
    await sandbox.withGo(`sleep 600 & echo $! > ${sandbox.root}/compiler; echo compiling >&2; wait`);
    const stop = new AbortController();
    const building = ensure("etcd-3.6", stop.signal);
    const refused = expect(building).rejects.toThrow("stopped by the user");
    await until(() => existsSync(join(sandbox.root, "compiler")));
    stop.abort(new Error("stopped by the user"));
    await refused;
    const compiler = Number(await sandbox.read("compiler"));
    await until(() => !isAlive(compiler));
    expect(await sandbox.cached()).toEqual([]);
  });
});

describe("the cache", () => {
  it("installs once when two processes ask at the same time; the other says whom it waits for", async () => {
    await sandbox.withGo(
      `echo run >> ${sandbox.root}/runs; while [ ! -e ${sandbox.root}/go-on ]; do sleep 0.05; done; ${BUILD_ETCD}`,
    );
    const first = startAsker();
    await until(() => existsSync(join(sandbox.root, "runs")));
    const second = startAsker();
    await until(() => second.text().includes("waiting"));
    await writeFile(join(sandbox.root, "go-on"), "");
    expect(await Promise.all([first.ended, second.ended])).toEqual([0, 0]);
    expect(await sandbox.read("runs")).toBe("run\n");
    expect(second.text()).toContain(`etcd 3.6.8: process ${first.pid} is already getting it; waiting`);
    expect(second.text()).toContain("origin=built");
  });

  it("takes over from a process that died while installing", async () => {
    await sandbox.withGo(BUILD_ETCD);
    const home = join(sandbox.cache, "tools", "etcd-3.6", `3.6.8-linux-${goArch()}`);
    await mkdir(`${home}.lock`, { recursive: true });
    await mkdir(`${home}.staging-12345`);
    const longAgo = new Date(Date.now() - 60_000);
    await utimes(`${home}.lock`, longAgo, longAgo);
    expect((await ensure("etcd-3.6")).origin).toBe("built");
    expect(existsSync(`${home}.staging-12345`)).toBe(false);
  });

  it("replaces a tool of which a file was damaged", async () => {
    await sandbox.withGo(BUILD_ETCD);
    const tool = await ensure("etcd-3.6");
    await truncate(tool.bin("etcdctl"), 3);
    expect((await listTools()).find(one => one.id === "etcd-3.6")?.installed).toBeUndefined();
    const again = await ensure("etcd-3.6");
    expect(again.bytes).toBe(tool.bytes);
  });

  it("refuses to name a program that the tool does not have", async () => {
    await sandbox.withGo(BUILD_ETCD);
    const tool = await ensure("etcd-3.6");
    expect(() => tool.bin("kubectl")).toThrow(
      'etcd-3.6 has no program "kubectl"; it has etcd, etcdctl, etcdutl',
    );
  });
});

interface Asker {
  readonly pid: number;
  readonly ended: Promise<number>;
  text(): string;
}

const ASK = `
const { ensureTool } = require(${JSON.stringify(join(__dirname, "../../../controlplane/tools/index.ts"))});
ensureTool("etcd-3.6", { progress: console.log, signal: new AbortController().signal })
  .then(tool => console.log("origin=" + tool.origin), error => { console.log(error.message); process.exitCode = 1; });
`;

/** Another process that asks for etcd, as a second terminal would. */
const startAsker = (): Asker => {
  const tsx = createRequire(__filename).resolve("tsx/cjs");
  const child = spawn(process.execPath, ["--require", tsx, "-e", ASK], {
    env: process.env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  askers.push(child);
  let text = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (bytes: Buffer) => (text += bytes.toString()));
  const ended = once(child, "close").then(([code]) => code as number);
  return { pid: child.pid ?? 0, ended, text: () => text };
};

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

const until = async (holds: () => boolean): Promise<void> => {
  const deadline = Date.now() + 20_000;
  while (!holds()) {
    if (Date.now() > deadline) throw new Error(`not so after 20 s: ${holds.toString()}`);
    await new Promise(resolve => setTimeout(resolve, 20));
  }
};
