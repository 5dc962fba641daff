import type { Change } from "../../../../core/drain/facts";
import type { KubeClient } from "../../../../kube";
import { KubeError } from "../../../../kube/kubeError";
import { watchAttachments } from "../../../../operations/drain/attachments";
import { readVolumeFact } from "../../../../operations/drain/facts";
import { watchIfAllowed } from "../../../../operations/drain/optionalWatch";

const attachment = {
  metadata: { uid: "va-1", name: "csi-1", resourceVersion: "5" },
  spec: { nodeName: "blue-0", source: { persistentVolumeName: "pv-1" } },
};
const volume = {
  metadata: { uid: "pv-uid", name: "pv-1", resourceVersion: "3" },
  spec: { claimRef: { namespace: "shop", name: "data" } },
  status: { phase: "Bound" },
};

const FORBIDDEN = new KubeError({ kind: "forbidden", message: "no", status: 403 });

type Lists = Readonly<Record<string, readonly unknown[] | KubeError | Promise<readonly unknown[]>>>;

/** Lists are answered once; watches stay silent until the signal. */
const serve = (lists: Lists): KubeClient => ({
  server: "https://scripted",
  request: async <T>({ path }: { readonly path: string }) => {
    const items = (await lists[path.split("/").at(-1) ?? ""]) ?? [];
    if (items instanceof KubeError) throw items;
    return { metadata: { resourceVersion: "9" }, items } as T;
  },
  watch: async function* ({ signal }) {
    await new Promise(resolve => signal.addEventListener("abort", resolve, { once: true }));
    yield { type: "BOOKMARK", object: { metadata: { resourceVersion: "9" } } };
  },
  close: () => Promise.resolve(),
});

const listen = async (lists: Lists, expected: number, onHeard = (): void => undefined) => {
  const stop = new AbortController();
  const { signal } = stop;
  const heard: Change[] = [];
  const all = Promise.withResolvers<undefined>();
  const kube = serve(lists);
  const onChange = (change: Change): void => {
    heard.push(change);
    onHeard();
    if (heard.length >= expected) all.resolve(undefined);
  };
  const path = "/api/v1/persistentvolumes";
  const volumes = watchIfAllowed(kube, { path, project: readVolumeFact, signal });
  const watching = watchAttachments(kube, volumes.reflector, { onChange, signal });
  const listed = await watching.listed;
  if (expected > 0) await all.promise;
  const problem = watching.problem();
  stop.abort();
  return { heard, listed, problem };
};

const fact = { uid: "va-1", name: "csi-1", node: "blue-0" };
const told = (more: object = {}): Change => ({
  type: "set",
  object: { kind: "attachment", fact: { ...fact, ...more } },
});

it("tells each attachment at once, and again with its claim when the volume is known", async () => {
  const late = Promise.withResolvers<readonly unknown[]>();
  const lists = { volumeattachments: [attachment], persistentvolumes: late.promise };
  const { heard, listed } = await listen(lists, 2, () => late.resolve([volume]));
  expect(heard).toEqual([told(), told({ claim: "shop/data" })]);
  expect(listed).toBe(true);
});

it("tells it with its claim at once where the volume is known already", async () => {
  const late = Promise.withResolvers<readonly unknown[]>();
  setImmediate(() => late.resolve([attachment]));
  const { heard } = await listen({ volumeattachments: late.promise, persistentvolumes: [volume] }, 1);
  expect(heard).toEqual([told({ claim: "shop/data" })]);
});

it("does not hold the run up where it may not look, nor calls that stale", async () => {
  const { heard, listed, problem } = await listen({ volumeattachments: FORBIDDEN }, 0);
  expect(heard).toEqual([]);
  expect(listed).toBe(false);
  expect(problem).toBeUndefined();
});
