import { openKube } from "../../../kube";
import { drainNodes, type DrainRequest } from "../../../operations/drain/drainNodes";

/** A drain in a process of its own, to be killed: kubeconfig and request come as arguments, lines go to stdout. */
const main = async (): Promise<void> => {
  const [kubeconfig = "", request = "{}"] = process.argv.slice(2);
  const kube = await openKube({ kubeconfig });
  const outcome = await drainNodes(
    { kube, now: Date.now, log: line => console.log(line) },
    JSON.parse(request) as DrainRequest,
    new AbortController().signal,
  );
  console.log(`outcome ${JSON.stringify(outcome)}`);
  await kube.close();
};

void main();
