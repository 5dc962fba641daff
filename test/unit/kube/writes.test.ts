import type { KubeCall, KubeClient } from "../../../kube/client";
import { updateConfigMap } from "../../../kube/configMaps";
import { evictPod } from "../../../kube/evict";
import { KubeError } from "../../../kube/kubeError";
import { noteSighting, remainingOf, type LeaseRecord } from "../../../kube/lease";
import { ensureNamespace } from "../../../kube/namespaces";
import { labelQuery, patchNode } from "../../../kube/nodes";
import { isReadyz, parseServerVersion } from "../../../kube/version";

const conflict = new KubeError({ kind: "conflict", message: "conflict", status: 409 });
const cut = new KubeError({ kind: "unreachable", message: "cut", mayHaveApplied: true });
const missing = new KubeError({ kind: "notFound", message: "none", status: 404, reason: "NotFound" });

/** Answers in order; an error is thrown. */
const scripted = (...answers: readonly unknown[]): { kube: KubeClient; calls: KubeCall[] } => {
  const calls: KubeCall[] = [];
  const left = [...answers];
  const answer = (call: KubeCall): unknown => {
    calls.push(call);
    const next = left.shift();
    if (next instanceof Error) throw next;
    return next;
  };
  const kube: KubeClient = {
    server: "scripted",
    request: <T>(call: KubeCall) => Promise.resolve().then(() => answer(call) as T),
    watch: () => {
      throw new Error("no watch here");
    },
    close: () => Promise.resolve(),
  };
  return { kube, calls };
};
const methods = (calls: readonly KubeCall[]): string[] => calls.map(call => call.method);
const ref = { namespace: "ns", name: "cm" };
const map = (data: object, resourceVersion: string) => ({ metadata: { resourceVersion }, data });

describe("updateConfigMap", () => {
  it("decides anew on the newest data when another writer was faster", async () => {
    const { kube, calls } = scripted(
      map({ n: "1" }, "1"),
      conflict,
      map({ n: "5" }, "2"),
      map({ n: "6" }, "3"),
    );
    const written = await updateConfigMap(kube, ref, data => ({ n: String(Number(data["n"]) + 1) }));
    expect([written.data, methods(calls)]).toEqual([{ n: "6" }, ["GET", "PATCH", "GET", "PATCH"]]);
  });

  it("does not write twice when only the answer was lost", async () => {
    const { kube, calls } = scripted(map({}, "1"), cut, map({ done: "yes" }, "2"));
    await updateConfigMap(kube, ref, data => ({ ...data, done: "yes" }));
    expect(methods(calls)).toEqual(["GET", "PATCH", "GET"]);
  });

  it("makes the map when it is missing", async () => {
    const { kube, calls } = scripted(missing, map({ a: "1" }, "1"));
    await updateConfigMap(kube, ref, () => ({ a: "1" }));
    expect(methods(calls)).toEqual(["GET", "POST"]);
  });

  it("lets a refusal through at once", async () => {
    const denied = new KubeError({ kind: "forbidden", message: "no", status: 403 });
    const { kube, calls } = scripted(denied);
    await expect(updateConfigMap(kube, ref, () => ({}))).rejects.toBe(denied);
    expect(calls).toHaveLength(1);
  });

  it("gives up a race it keeps losing at its deadline", async () => {
    const { kube } = scripted(
      ...Array.from({ length: 200 }, (_, i) => (i % 2 === 0 ? map({}, "1") : conflict)),
    );
    await expect(updateConfigMap(kube, ref, () => ({ a: "1" }), { deadlineMs: 60 })).rejects.toBe(conflict);
  });
});

describe("patchNode", () => {
  const node = (spec: object, resourceVersion = "1") => ({
    metadata: { name: "n1", uid: "u", resourceVersion },
    spec,
  });
  const fence = { key: "leaving", effect: "PreferNoSchedule" };

  it("writes only for the state it decided on, and keeps a taint that came meanwhile", async () => {
    const theirs = { key: "theirs", effect: "NoSchedule" };
    const { kube, calls } = scripted(node({}), conflict, node({ taints: [theirs] }, "2"), {});
    expect(await patchNode(kube, "n1", now => ({ taints: [...now.taints, fence] }))).toBe("changed");
    expect(calls[3]?.body).toEqual({
      metadata: { uid: "u", resourceVersion: "2" },
      spec: { taints: [theirs, fence] },
    });
  });

  it("writes nothing when all is so already", async () => {
    const { kube, calls } = scripted(node({ unschedulable: true, taints: [fence] }));
    expect(await patchNode(kube, "n1", () => ({ unschedulable: true, taints: [fence] }))).toBe("same");
    expect(methods(calls)).toEqual(["GET"]);
  });

  it("leaves no trace of an empty list or of false", async () => {
    const { kube, calls } = scripted(node({ unschedulable: true, taints: [fence] }), {});
    await patchNode(kube, "n1", () => ({ unschedulable: false, taints: [] }));
    expect(calls[1]?.body).toMatchObject({ spec: { unschedulable: null, taints: null } });
  });

  it("says that a node is gone", async () => {
    expect(await patchNode(scripted(missing).kube, "n1", () => ({}))).toBe("gone");
  });
});

it("writes labels as a selector, sorted, and none as no selector", () => {
  expect([labelQuery({ b: "2", a: "1" }), labelQuery({}), labelQuery()]).toEqual([
    "a=1,b=2",
    undefined,
    undefined,
  ]);
});

describe("ensureNamespace", () => {
  it("makes it when missing, and is content when another made it first", async () => {
    const exists = new KubeError({ kind: "alreadyExists", message: "exists", status: 409 });
    const { kube, calls } = scripted(missing, exists);
    await ensureNamespace(kube, "ns");
    expect(methods(calls)).toEqual(["GET", "POST"]);
  });
});

describe("evictPod", () => {
  const target = { namespace: "ns", name: "p", uid: "u" };

  it("names the pod by uid and leaves its grace period alone", async () => {
    const { kube, calls } = scripted({});
    expect(await evictPod(kube, target)).toEqual({ kind: "accepted" });
    expect(calls[0]).toMatchObject({
      method: "POST",
      path: "/api/v1/namespaces/ns/pods/p/eviction",
      body: { metadata: { name: "p", namespace: "ns" }, deleteOptions: { preconditions: { uid: "u" } } },
    });
    expect(JSON.stringify(calls[0]?.body)).not.toContain("gracePeriod");
  });

  it("takes a pod that is not found for gone", async () => {
    expect((await evictPod(scripted(missing).kube, target)).kind).toBe("gone");
  });

  it("takes the 404 page of a proxy for no answer about the pod", async () => {
    const page = new KubeError({ kind: "notFound", message: "404 page not found", status: 404 });
    expect((await evictPod(scripted(page).kube, target)).kind).toBe("later");
  });

  it("knows that a cut line may have evicted", async () => {
    expect(await evictPod(scripted(cut).kube, target)).toMatchObject({ kind: "later", uncertain: true });
  });
});

describe("a lease's expiry", () => {
  const record = (resourceVersion: string, holder: string | undefined): LeaseRecord => ({
    holder,
    transitions: 1,
    durationSeconds: 10,
    renewTime: "1970-01-01T00:00:00Z",
    resourceVersion,
  });

  it("counts from when we first saw this version, whatever its own clock says", () => {
    const first = noteSighting(undefined, record("1", "other"), 1_000);
    const again = noteSighting(first, record("1", "other"), 8_000);
    expect([remainingOf(first, 1_000), remainingOf(again, 8_000), remainingOf(again, 11_000)]).toEqual([
      10_000, 3_000, 0,
    ]);
  });

  it("starts anew with each sign of life", () => {
    const first = noteSighting(undefined, record("1", "other"), 1_000);
    expect(remainingOf(noteSighting(first, record("2", "other"), 8_000), 8_000)).toBe(10_000);
  });

  it("is past when nobody holds it", () => {
    expect(remainingOf(noteSighting(undefined, record("1", undefined), 0), 0)).toBe(0);
  });
});

describe("parseServerVersion", () => {
  it("tells the binary from what it serves", () => {
    const raw = { gitVersion: "v1.36.4", major: "1", minor: "36", emulationMajor: "1", emulationMinor: "35" };
    expect(parseServerVersion(raw)).toEqual({ binary: "1.36.4", gitVersion: "v1.36.4", emulated: "1.35" });
  });

  it("sees no emulation in a server that serves its own minor", () => {
    const raw = { gitVersion: "v1.36.4", emulationMajor: "1", emulationMinor: "36" };
    expect(parseServerVersion(raw).emulated).toBeUndefined();
  });

  it("understands vendors' suffixes and plus signs", () => {
    expect(parseServerVersion({ gitVersion: "v1.35.8-eks-1a2b", minor: "35+" }).binary).toBe("1.35.8");
    expect(parseServerVersion({ gitVersion: "", major: "1", minor: "35+" }).binary).toBe("1.35");
  });
});

describe("isReadyz", () => {
  it("is false for a server that is not ready or not there", async () => {
    const busy = new KubeError({ kind: "server", message: "etcd", status: 500 });
    expect(await isReadyz(scripted(busy).kube)).toBe(false);
    expect(await isReadyz(scripted(cut).kube)).toBe(false);
  });

  it("does not hide missing permission behind not ready", async () => {
    const denied = new KubeError({ kind: "forbidden", message: "no", status: 403 });
    await expect(isReadyz(scripted(denied).kube)).rejects.toBe(denied);
  });
});
