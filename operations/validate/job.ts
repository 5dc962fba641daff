import type { ValidationSpec } from "../../core/config";
import { type Problem, ProblemError } from "../../core/problem";
import { isKubeError, type KubeClient, listAll } from "../../kube";
import type { Ports } from "../ports";
import { waitFor } from "../wait";

type JobSpec = ValidationSpec["jobs"][number];

export interface JobRun {
  readonly job: JobSpec;
  readonly pool: string;
  /** Part of the Job's name: a run of an older epoch proves nothing, the same epoch run again finds its own Job. */
  readonly attempt: string;
}

const LAST_LINES = 5;

/** Runs one Job to its end. Its failing pod's last lines are in the refusal. */
export const runJob = async (ports: Ports, run: JobRun, signal: AbortSignal): Promise<void> => {
  const name = `${run.job.name}-${run.pool}-${run.attempt}`;
  const path = `/apis/batch/v1/namespaces/${run.job.namespace}/jobs`;
  await removeFailed(ports, { run, path: `${path}/${name}` }, signal);
  await createJob(ports.kube, { path, body: jobBody(name, run.job) }, signal);
  const verdict = await waitFor(() => lookAtJob(ports.kube, `${path}/${name}`, signal), {
    now: ports.now,
    log: ports.log,
    signal,
    deadlineSeconds: run.job.timeoutSeconds,
    problem: missing => tooSlow(run, missing),
  });
  if (verdict === "passed") return;
  const lines = await lastLines(ports.kube, { namespace: run.job.namespace, name }, signal);
  throw new ProblemError("validation failed", [failed(run, lines)]);
};

const jobBody = (name: string, job: JobSpec) => ({
  apiVersion: "batch/v1",
  kind: "Job",
  metadata: { name },
  spec: {
    backoffLimit: 0,
    ttlSecondsAfterFinished: 3_600,
    activeDeadlineSeconds: job.timeoutSeconds,
    template: {
      metadata: { annotations: job.annotations ?? {} },
      spec: {
        restartPolicy: "Never",
        containers: [{ name: "validate", image: job.image, command: job.command }],
      },
    },
  },
});

const createJob = async (
  kube: KubeClient,
  { path, body }: { path: string; body: unknown },
  signal: AbortSignal,
): Promise<void> => {
  try {
    await kube.request({ method: "POST", path, body, signal });
  } catch (error) {
    if (!isKubeError(error, "alreadyExists")) throw error;
  }
};

interface RawJob {
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

const holds = (job: RawJob, type: string): boolean =>
  job.status?.conditions?.some(entry => entry.type === type && entry.status === "True") ?? false;

const readJob = async (kube: KubeClient, path: string, signal: AbortSignal): Promise<RawJob | undefined> => {
  try {
    return await kube.request<RawJob>({ method: "GET", path, signal });
  } catch (error) {
    if (isKubeError(error, "notFound")) return undefined;
    throw error;
  }
};

/** A failure of the same epoch is tried anew: the user has mended something. */
const removeFailed = async (
  ports: Ports,
  { run, path }: { run: JobRun; path: string },
  signal: AbortSignal,
): Promise<void> => {
  const { kube } = ports;
  const job = await readJob(kube, path, signal);
  if (job === undefined || !holds(job, "Failed")) return;
  await kube.request({ method: "DELETE", path, query: { propagationPolicy: "Foreground" }, signal });
  const look = async (): Promise<{ done: true } | { missing: string }> =>
    (await readJob(kube, path, signal)) === undefined
      ? { done: true }
      : { missing: `the failed Job ${run.job.name} of the last try to go` };
  await waitFor(look, {
    now: ports.now,
    log: ports.log,
    signal,
    deadlineSeconds: run.job.timeoutSeconds,
    problem: missing => tooSlow(run, missing),
  });
};

const lookAtJob = async (
  kube: KubeClient,
  path: string,
  signal: AbortSignal,
): Promise<{ done: "passed" | "failed" } | { missing: string }> => {
  const job = await readJob(kube, path, signal);
  if (job !== undefined && holds(job, "Complete")) return { done: "passed" };
  if (job !== undefined && holds(job, "Failed")) return { done: "failed" };
  return { missing: `Job ${path.split("/").at(-1) ?? path} to finish` };
};

interface RawPod {
  readonly metadata: { readonly name: string };
  readonly status?: {
    readonly containerStatuses?: readonly {
      readonly state?: {
        readonly terminated?: {
          readonly exitCode: number;
          readonly message?: string;
          readonly reason?: string;
        };
      };
    }[];
  };
}

/** The container's own log where a kubelet serves it, else what it wrote as its termination message. */
const lastLines = async (
  kube: KubeClient,
  { namespace, name }: { namespace: string; name: string },
  signal: AbortSignal,
): Promise<string> => {
  const pods = `/api/v1/namespaces/${namespace}/pods`;
  const query = { labelSelector: `batch.kubernetes.io/job-name=${name}` };
  const pod = (await listAll<RawPod>(kube, pods, { query, signal })).items[0];
  if (pod === undefined) return "its pod is gone";
  const { exitCode, message } = endOf(pod);
  const said = message ?? (await readLog(kube, `${pods}/${pod.metadata.name}/log`, signal));
  return `exit code ${exitCode}; last lines: ${said.trim() === "" ? "none" : said.trim()}`;
};

const endOf = (pod: RawPod): { readonly exitCode: string; readonly message?: string } => {
  const ended = pod.status?.containerStatuses?.[0]?.state?.terminated;
  if (ended === undefined) return { exitCode: "unknown" };
  const exitCode = String(ended.exitCode);
  return ended.message === undefined ? { exitCode } : { exitCode, message: ended.message };
};

const readLog = async (kube: KubeClient, path: string, signal: AbortSignal): Promise<string> => {
  try {
    return await kube.request<string>({ method: "GET", path, query: { tailLines: LAST_LINES }, signal });
  } catch (error) {
    if (isKubeError(error)) return `(log not to be had: ${error.message})`;
    throw error;
  }
};

const failed = ({ job, pool }: JobRun, lines: string): Problem => ({
  code: "Validation.JobFailed",
  path: `validation.jobs.${job.name}`,
  message: `Job ${job.namespace}/${job.name} failed on the workloads of pool ${pool}: ${lines}`,
  fix: `mend it and run \`pulumi up\` again, or set pools.${pool}.version back: the old generation still stands`,
});

const tooSlow = ({ job, pool }: JobRun, missing: string): Problem => ({
  code: "Validation.JobTimeout",
  path: `validation.jobs.${job.name}`,
  message: `after ${String(job.timeoutSeconds)} s still waiting for ${missing} (pool ${pool})`,
  fix: "raise its timeout or mend it, then run `pulumi up` again; the old generation still stands",
});
