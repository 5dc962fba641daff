import type { Change } from "../../../../core/drain/facts";
import type { KubeClient } from "../../../../kube";
import { KubeError } from "../../../../kube/kubeError";
import { watchAttachments } from "../../../../operations/drain/attachments";

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

/** Lists are answered once; watches stay silent until the signal. */
const serve = (lists: Readonly<Record<string, readonly unknown[] | KubeError>>) => {
  const asked: string[] = [];
  const kube: KubeClient = {
    server: "https://scripted",
    request: async <T>({ path }: { readonly path: string }) => {
      const plural = path.split("/").at(-1) ?? "";
      asked.push(plural);
      const items = lists[plural] ?? [];
      if (items instanceof KubeError) throw items;
      return Promise.resolve({ metadata: { resourceVersion: "9" }, items } as T);
    },
    watch: async function* ({ signal }) {
      await new Promise(resolve => signal.addEventListener("abort", resolve, { once: true }));
      yield { type: "BOOKMARK", object: { metadata: { resourceVersion: "9" } } };
    },
    close: () => Promise.resolve(),
  };
  return { kube, asked };
};

const listen = async (lists: Readonly<Record<string, readonly unknown[] | KubeError>>, expected: number) => {
  const stop = new AbortController();
  const heard: Change[] = [];
  const all = Promise.withResolvers<undefined>();
  const { kube, asked } = serve(lists);
  const onChange = (change: Change): void => {
    heard.push(change);
    if (heard.length >= expected) all.resolve(undefined);
  };
  const watching = watchAttachments(kube, { onChange, signal: stop.signal });
  await watching.synced;
  if (expected > 0) await all.promise;
  const problem = watching.problem();
  stop.abort();
  return { heard, asked, problem };
};

const fact = { uid: "va-1", name: "csi-1", node: "blue-0" };

it("tells each attachment at once, and again with its claim when the volume is known", async () => {
  const { heard } = await listen({ volumeattachments: [attachment], persistentvolumes: [volume] }, 2);
  expect(heard).toEqual([
    { type: "set", object: { kind: "attachment", fact } },
    { type: "set", object: { kind: "attachment", fact: { ...fact, claim: "shop/data" } } },
  ]);
});

it("reads no volumes where nothing is attached", async () => {
  const { asked } = await listen({}, 0);
  expect(asked).toEqual(["volumeattachments"]);
});

it("does not hold the run up where it may not look, nor calls that stale", async () => {
  const { heard, problem } = await listen({ volumeattachments: FORBIDDEN }, 0);
  expect(heard).toEqual([]);
  expect(problem).toBeUndefined();
});
