import type { WantedAtCloud } from "../../../../../operations/ports";
import { clusterUrl } from "../access";
import { type Asked, ask, askFor } from "../call";
import { BASE, type Request, send } from "../client";
import type { GkeCluster } from "../found";

/** One look at Google Cloud before anything changes. */
export interface Question {
  readonly wanted: WantedAtCloud;
  readonly signal: AbortSignal;
  readonly now: number;
}

type Look = Omit<Request, "signal" | "method"> & { readonly method?: Request["method"] };

export const look = <T>({ signal }: Question, asked: Asked, request: Look): Promise<T> =>
  ask(asked, () => send<T>({ method: "GET", ...request, signal }));

/** `undefined` = Google says that there is no such thing. */
export const lookFor = <T>({ signal }: Question, asked: Asked, request: Look): Promise<T | undefined> =>
  askFor(asked, () => send<T>({ method: "GET", ...request, signal }));

export const projectOf = ({ wanted }: Question): string => wanted.connection.project ?? "";

export const regionOf = ({ wanted }: Question): string => wanted.connection.region ?? "";

/** Address in Compute Engine after the project. */
export const computeUrl = (question: Question, path: string): string =>
  `${BASE.compute()}projects/${projectOf(question)}${path}`;

/** `undefined` = there is no cluster yet. */
export const readCluster = (question: Question): Promise<GkeCluster | undefined> => {
  const { connection } = question.wanted;
  const asked = { permission: "container.clusters.get", on: `cluster ${connection.name}` };
  return lookFor<GkeCluster>(question, asked, { url: clusterUrl(connection) });
};
