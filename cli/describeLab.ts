import { askServer } from "../controlplane";
import { describeProblem } from "../core/problem";
import { listLabPools, type LabPool, type LabStatus } from "../lab";

export type ApiState = "ready" | "not ready" | "unreachable";

/** Whether the lab's API answers now; processes that live may still hang. */
export const askLab = async ({ endpoint, planeDir }: LabStatus): Promise<ApiState> => {
  if (endpoint === undefined) return "unreachable";
  const answer = await askServer({
    dir: planeDir,
    side: "api",
    port: Number(new URL(endpoint).port),
    path: "/readyz",
  });
  if (answer === undefined) return "unreachable";
  return answer.status === 200 ? "ready" : "not ready";
};

const STATE: Readonly<Record<LabStatus["state"], string>> = {
  running: "running",
  broken: "broken: some processes died; `changeover lab up` mends it",
  down: "down: no process lives; `changeover lab up` starts it, `changeover lab down` removes it",
  incomplete: "incomplete: its making was interrupted; `changeover lab up` finishes it, `down` removes it",
  absent: "absent: there is no such lab; `changeover lab up` makes it",
  foreign: "not a lab of yours",
};

const describeVersion = ({ version, emulated }: LabStatus): string => {
  if (version === undefined) return "no version yet";
  return emulated === undefined
    ? `Kubernetes ${version}`
    : `Kubernetes ${version}, showing the API of ${emulated}`;
};

const describeProcess = ({ role, program, pid, alive, port }: LabStatus["processes"][number]): string => {
  const who = alive ? `pid ${pid ?? "?"}` : "DEAD";
  return `    ${role.padEnd(24)} ${(program.split("@")[1] ?? "").padEnd(8)} ${who.padEnd(12)} 127.0.0.1:${port}`;
};

const describePool = ({ generation, desired, size, closed }: LabPool): string =>
  `    ${generation.padEnd(33)} ${desired} nodes (${size.min} to ${size.max})${closed ? ", closed" : ""}`;

const section = (title: string, lines: readonly string[]): readonly string[] =>
  lines.length === 0 ? [] : [`  ${title}`, ...lines];

export const describeStatus = (status: LabStatus, api: ApiState): string => {
  if (status.problem !== undefined) return describeProblem(status.problem);
  const reach =
    status.endpoint === undefined
      ? []
      : [`  API         ${status.endpoint} (${api})`, `  kubeconfig  ${status.kubeconfig ?? ""}`];
  return [
    `lab ${status.name}: ${STATE[status.state]}`,
    ...(status.state === "absent"
      ? []
      : [`  ${describeVersion(status)}; control plane real, nodes and pods simulated`]),
    ...reach,
    ...section("processes", status.processes.map(describeProcess)),
    ...section("node pools (simulated)", listLabPools(status.name).map(describePool)),
  ].join("\n");
};

export const describeLabs = (labs: readonly LabStatus[]): string => {
  if (labs.length === 0) return "no labs; `changeover lab up` makes one";
  return labs.map(lab => `${lab.name.padEnd(20)} ${lab.state.padEnd(11)} ${describeVersion(lab)}`).join("\n");
};
