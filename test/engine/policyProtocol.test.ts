import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { type ClientUnaryCall, credentials } from "@grpc/grpc-js";
import { AnalyzerClient } from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import {
  AnalyzeRequest,
  type AnalyzeResponse,
  type AnalyzerInfo,
  AnalyzerResourceOptions,
  ConfigureAnalyzerRequest,
  EnforcementLevel,
  PolicyConfig,
} from "@pulumi/pulumi/proto/analyzer_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { type JavaScriptValue, Struct } from "google-protobuf/google/protobuf/struct_pb";
import { STANDARD } from "../../policy/packs";
import { interlock, STRANGER, UNKNOWN, versionRecord } from "../support/analyze";

const ROOT = join(__dirname, "..", "..");
const START_MS = 120_000;

/** As the engine starts it: the SDK's own runner, its working directory the pack's folder. */
const startPack = (): ChildProcess => {
  const runner = join(dirname(require.resolve("@pulumi/pulumi/package.json")), "cmd", "run-policy-pack");
  const folder = join(ROOT, "policy");
  return spawn(process.execPath, [runner, "127.0.0.1:1", folder], {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
  });
};

/** The first line of stdout is the port; an end before it is told with what was written to stderr. */
const portOf = async (pack: ChildProcess): Promise<number> => {
  const said: string[] = [];
  pack.stderr?.on("data", (chunk: Buffer) => said.push(chunk.toString()));
  if (pack.stdout === null) throw new Error("no stdout");
  const signal = AbortSignal.timeout(START_MS);
  const line = once(createInterface(pack.stdout), "line", { signal }).then(([first]) => Number(first));
  const ended = once(pack, "exit", { signal }).then(([code]) => {
    throw new Error(`the pack ended with ${String(code)}: ${said.join("")}`);
  });
  ended.catch(() => undefined);
  return Promise.race([line, ended]);
};

type Answer<T> = (error: Error | null, answer: T) => void;

const ask = <T>(send: (done: Answer<T>) => ClientUnaryCall): Promise<T> =>
  new Promise((resolve, reject) => {
    send((error, answer) => (error === null ? resolve(answer) : reject(error)));
  });

/** The engine always sends options; the server refuses a request without them. */
const plainOptions = (): AnalyzerResourceOptions => {
  const options = new AnalyzerResourceOptions();
  options.setCustomtimeouts(new AnalyzerResourceOptions.CustomTimeouts());
  return options;
};

describe("the policy pack, through the analyzer protocol", () => {
  let pack: ChildProcess;
  let client: AnalyzerClient;

  beforeAll(async () => {
    pack = startPack();
    client = new AnalyzerClient(`127.0.0.1:${String(await portOf(pack))}`, credentials.createInsecure());
  }, START_MS);

  afterAll(async () => {
    client.close();
    const ended = once(pack, "exit");
    pack.kill();
    await ended;
  });

  const info = (): Promise<AnalyzerInfo> => ask(done => client.getAnalyzerInfo(new Empty(), done));

  const configure = (
    policies: Record<string, { level: EnforcementLevel; properties: Record<string, JavaScriptValue> }>,
  ) => {
    const request = new ConfigureAnalyzerRequest();
    for (const [name, { level, properties }] of Object.entries(policies)) {
      const config = new PolicyConfig();
      config.setEnforcementlevel(level);
      config.setProperties(Struct.fromJavaScript(properties));
      request.getPolicyconfigMap().set(name, config);
    }
    return ask<Empty>(done => client.configure(request, done));
  };

  const analyze = async (resource: { type: string; props: object }): Promise<AnalyzeResponse.AsObject> => {
    const request = new AnalyzeRequest();
    request.setType(resource.type);
    request.setName("subject");
    request.setUrn(`urn:pulumi:dev::changeover::${resource.type}::subject`);
    request.setProperties(Struct.fromJavaScript(resource.props as Record<string, JavaScriptValue>));
    request.setOptions(plainOptions());
    return (await ask<AnalyzeResponse>(done => client.analyze(request, done))).toObject();
  };

  const violated = async (resource: { type: string; props: object }): Promise<string[]> =>
    (await analyze(resource)).diagnosticsList.map(
      ({ policyname, enforcementlevel }) =>
        `${policyname} ${enforcementlevel === EnforcementLevel.MANDATORY ? "mandatory" : "advisory"}`,
    );

  it("offers every rule of the pack, mandatory and configurable", async () => {
    const found = await info();
    expect([found.getName(), found.getSupportsconfig()]).toEqual(["changeover", true]);
    expect(
      found
        .getPoliciesList()
        .map(policy => policy.getName())
        .sort(),
    ).toEqual(STANDARD.map(({ name }) => name).sort());
  });

  it("has nothing against a step of one minor", async () => {
    expect(await violated(versionRecord())).toEqual([]);
  });

  it("refuses a skipped minor with what to write instead", async () => {
    const { diagnosticsList } = await analyze(
      versionRecord({ version: "1.37", pools: [{ name: "w", version: "1.36" }] }),
    );
    expect(diagnosticsList).toMatchObject([
      {
        policyname: "no-skipped-minor",
        enforcementlevel: EnforcementLevel.MANDATORY,
        message: expect.stringContaining('set cluster.version: "1.36"') as string,
      },
    ]);
  });

  it("refuses an unknown version in a preview already: the engine's own advice alone would let it pass", async () => {
    expect(await violated(versionRecord({ version: UNKNOWN }))).toEqual(
      expect.arrayContaining(["no-skipped-minor mandatory", "no-control-plane-downgrade mandatory"]),
    );
  });

  it("says of a stranger's resource only that nothing applies", async () => {
    const answer = await analyze(STRANGER);
    expect(answer.diagnosticsList).toEqual([]);
    expect(answer.notApplicableList).toHaveLength(STANDARD.length);
  });

  it("takes the user's policy config", async () => {
    expect(await violated(interlock(7200))).toEqual([]);
    await configure({
      "drain-deadline-bounded": { level: EnforcementLevel.MANDATORY, properties: { maxSeconds: 3600 } },
    });
    expect(await violated(interlock(7200))).toEqual(["drain-deadline-bounded mandatory"]);
  });
});
