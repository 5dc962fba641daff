/** Runs a Pulumi program. Its output is ours: the engine shows what we write after the port. */
import { createRequire } from "node:module";
import { extname } from "node:path";
import type * as Messages from "@pulumi/pulumi/proto/language_pb.js";
import type * as Children from "./children.mjs";
import type * as Sdk from "./sdk.mjs";

const here = createRequire(import.meta.url);
const extension = extname(import.meta.filename);
const { messages, NO_INFO } = here(`./sdk${extension}`) as typeof Sdk;
const { ended, runnerIn, settingsOf, startNode } = here(`./children${extension}`) as typeof Children;

/** The SDK's runner ends with it when it has already told the user what is wrong. */
const ALREADY_TOLD = 32;

const flag = (name: string, value: string | number): string[] =>
  value === "" ? [] : [`--${name}`, String(value)];

const programArguments = (request: Messages.RunRequest, engineAddress: string): string[] => {
  const info = request.getInfo() ?? NO_INFO;
  return [
    ...flag("monitor", request.getMonitorAddress()),
    ...flag("engine", engineAddress),
    ...flag("organization", request.getOrganization()),
    ...flag("project", request.getProject()),
    ...flag("stack", request.getStack()),
    ...flag("root-directory", info.getRootDirectory()),
    ...flag("pwd", info.getProgramDirectory()),
    ...flag("parallel", request.getParallel()),
    ...(request.getDryrun() ? ["--dry-run"] : []),
    info.getEntryPoint() || ".",
    ...request.getArgsList(),
  ];
};

const programEnvironment = (request: Messages.RunRequest): NodeJS.ProcessEnv => ({
  ...process.env,
  ...settingsOf(request.getInfo() ?? NO_INFO).env,
  PULUMI_CONFIG: JSON.stringify(Object.fromEntries(request.getConfigMap().toArray())),
  PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
});

export const runProgram = async (
  request: Messages.RunRequest,
  engineAddress: string,
): Promise<Messages.RunResponse> => {
  const info = request.getInfo() ?? NO_INFO;
  const runner = runnerIn(info.getProgramDirectory(), "run");
  const args = [...settingsOf(info).nodeArgs, runner, ...programArguments(request, engineAddress)];
  const child = startNode(args, {
    env: programEnvironment(request),
    stdio: ["ignore", "inherit", "inherit"],
  });
  const code = await ended(child);
  const answer = new messages.RunResponse();
  if (code === ALREADY_TOLD) return answer.setBail(true);
  return code === 0 ? answer : answer.setError(`Program exited with non-zero exit code: ${code}`);
};
