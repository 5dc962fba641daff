import type { KubeCall } from "../../../../kube";
import { KubeError } from "../../../../kube";
import { type Access, checkAccess, describeSkew } from "../../../../operations/drain/access";
import { DRAIN_GRANTS, type Extras } from "../../../../core/drain/grants";
import { failed, type Script, scriptApi } from "../../../support/scriptedApi";

const NOW = Date.parse("2026-09-01T12:00:00Z");
const WHO = "/apis/authentication.k8s.io/v1/selfsubjectreviews";
const MAY = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";

interface Attributes {
  readonly verb: string;
  readonly resource: string;
  readonly subresource?: string;
  readonly group: string;
  readonly namespace?: string;
  readonly name?: string;
}

const asked = (call: KubeCall): Attributes =>
  (call.body as { spec: { resourceAttributes: Attributes } }).spec.resourceAttributes;

/** A healthy server of today, changed where a test says so. */
const healthy =
  (changes: Readonly<Record<string, Script>> = {}): Script =>
  call => {
    const change = changes[call.path];
    if (change !== undefined) return change(call);
    if (call.path === "/version") return { major: "1", minor: "36", gitVersion: "v1.36.4" };
    if (call.path === "/apis/policy/v1") return { resources: [] };
    if (call.path === "/api/v1/namespaces/changeover-system") return { metadata: { uid: "u" } };
    if (call.path === WHO)
      return {
        metadata: { creationTimestamp: "2026-09-01T12:00:00Z" },
        status: { userInfo: { username: "ada" } },
      };
    return call.path === MAY ? { status: { allowed: true } } : undefined;
  };

const check = (script: Script, extras: Extras = {}): Promise<Access> =>
  checkAccess({ kube: scriptApi(script).kube, now: () => NOW, extras });

const codes = ({ problems }: Access): readonly string[] =>
  problems.map(({ code, path }) => `${code} ${path}`);

it("finds nothing against a healthy server that allows everything, and writes nothing", async () => {
  const api = scriptApi(healthy());
  expect(await checkAccess({ kube: api.kube, now: () => NOW })).toEqual({
    server: "https://scripted",
    reached: true,
    user: "ada",
    problems: [],
    warnings: [],
  });
  expect(api.writes()).toEqual([]);
});

it("asks for every verb of every grant exactly once", async () => {
  const api = scriptApi(healthy());
  await checkAccess({ kube: api.kube, now: () => NOW });
  const questions = api.calls.filter(({ path }) => path === MAY).map(asked);
  expect(questions).toHaveLength(DRAIN_GRANTS.reduce((sum, { verbs }) => sum + verbs.length, 0));
  expect(questions).toContainEqual({ verb: "create", group: "", resource: "pods", subresource: "eviction" });
  expect(questions).toContainEqual({
    verb: "patch",
    group: "coordination.k8s.io",
    resource: "leases",
    namespace: "changeover-system",
    name: "changeover",
  });
});

it("lists exactly the verbs that are missing, one problem a resource, with the command that grants them", async () => {
  const refusedVerbs = new Set(["patch nodes", "watch nodes", "create pods/eviction", "patch leases"]);
  const access = await check(
    healthy({
      [MAY]: call => {
        const { verb, resource, subresource } = asked(call);
        const name = subresource === undefined ? resource : `${resource}/${subresource}`;
        return { status: { allowed: !refusedVerbs.has(`${verb} ${name}`) } };
      },
    }),
  );
  expect(access.problems.map(({ message }) => message)).toEqual([
    "ada may not watch, patch nodes",
    "ada may not create pods/eviction",
    "ada may not patch leases.coordination.k8s.io named changeover in namespace changeover-system",
  ]);
  expect(access.problems[0]).toMatchObject({
    code: "Drain.Forbidden",
    path: "nodes",
    fix: "let an administrator run: npx changeover drain rbac --user=ada | kubectl apply -f -",
  });
});

it("tells of every right that is missing when there is none", async () => {
  const access = await check(healthy({ [MAY]: () => ({ status: { allowed: false } }) }));
  const [optional, needed] = [true, false].map(
    is => DRAIN_GRANTS.filter(({ without }) => (without !== undefined) === is).length,
  );
  expect(access.problems).toHaveLength(needed ?? 0);
  expect(access.warnings).toHaveLength(optional ?? 0);
});

it("only warns of a right that the rest can do without, and says what is left out", async () => {
  const access = await check(
    healthy({ [MAY]: call => ({ status: { allowed: asked(call).resource !== "services" } }) }),
  );
  expect(access.problems).toEqual([]);
  expect(access.warnings).toEqual(["ada may not list services: load balancers are not looked at"]);
});

it("names a service account as the command that grants rights takes it", async () => {
  const access = await check(
    healthy({
      [WHO]: () => ({ status: { userInfo: { username: "system:serviceaccount:ops:drainer" } } }),
      [MAY]: call => ({ status: { allowed: asked(call).resource !== "jobs" } }),
    }),
  );
  expect(access.problems).toHaveLength(1);
  expect(access.problems[0]?.fix).toContain("--serviceaccount=ops:drainer | kubectl apply");
});

describe("with rungs of the ladder allowed", () => {
  const KEDA_SERVED = { "/apis/keda.sh": () => ({ versions: [] }) };
  const verbsAsked = async (
    extras: Extras,
    changes: Readonly<Record<string, Script>> = KEDA_SERVED,
  ): Promise<readonly string[]> => {
    const api = scriptApi(healthy(changes));
    await checkAccess({ kube: api.kube, now: () => NOW, extras });
    const plain = DRAIN_GRANTS.reduce((sum, { verbs }) => sum + verbs.length, 0);
    return api.calls
      .filter(({ path }) => path === MAY)
      .slice(plain)
      .map(call => `${asked(call).verb} ${asked(call).resource}`);
  };

  it.each<[NonNullable<Extras["ladder"]>[number], readonly string[]]>([
    [
      "surge",
      [
        ...["get deployments", "patch deployments", "create events", "list persistentvolumeclaims"],
        ...["list resourcequotas", "get horizontalpodautoscalers", "list horizontalpodautoscalers"],
        ...["patch horizontalpodautoscalers"],
        ...["get scaledobjects", "list scaledobjects", "patch scaledobjects"],
      ],
    ],
    [
      "rollout-restart",
      [
        ...["get deployments", "patch deployments", "create events", "list persistentvolumeclaims"],
        ...["list resourcequotas", "list horizontalpodautoscalers", "list scaledobjects"],
      ],
    ],
    ["evict-unhealthy", ["get pods", "delete pods", "create events"]],
    ["force", ["delete pods", "create events"]],
    [
      "surge-first",
      [
        ...["get deployments", "patch deployments", "get pods", "patch pods", "create events"],
        ...["list persistentvolumeclaims", "list resourcequotas"],
        ...["list horizontalpodautoscalers", "list scaledobjects"],
      ],
    ],
  ])("asks for what %s does, and for nothing more", async (rung, expected) => {
    expect(await verbsAsked({ ladder: [rung] })).toEqual(expected);
  });

  it("asks for no right to autoscalers that the cluster does not serve", async () => {
    expect((await verbsAsked({ ladder: ["surge"] }, {})).filter(verb => verb.includes("scaled"))).toEqual([]);
  });

  it("lists the missing verbs, and the command that grants the whole run its rights", async () => {
    const deny = (call: KubeCall): unknown => {
      const { verb, resource } = asked(call);
      return {
        status: {
          allowed: !["patch deployments", "delete pods", "watch pods"].includes(`${verb} ${resource}`),
        },
      };
    };
    const { problems } = await check(healthy({ [MAY]: deny, ...KEDA_SERVED }), {
      ladder: ["surge", "force"],
    });
    expect(problems.map(({ message }) => message)).toEqual([
      "ada may not watch pods",
      "ada may not patch deployments.apps",
      "ada may not delete pods",
    ]);
    expect(new Set(problems.map(({ fix }) => fix))).toEqual(
      new Set([
        "let an administrator run: npx changeover drain rbac --user=ada --ladder | kubectl apply -f -",
      ]),
    );
  });

  it("only warns where no Event could be written", async () => {
    const deny = (call: KubeCall): unknown => ({ status: { allowed: asked(call).resource !== "events" } });
    const access = await check(healthy({ [MAY]: deny }), { ladder: ["force"] });
    expect(access.problems).toEqual([]);
    expect(access.warnings).toEqual([
      "ada may not create events: what the ladder does is told here only, not as Events",
    ]);
  });
});

it("asks for the right to delete nodes only where emptied ones may be given up", async () => {
  const deny = (call: KubeCall): unknown => ({ status: { allowed: asked(call).verb !== "delete" } });
  const script = healthy({ [MAY]: deny });
  expect((await check(script)).problems).toEqual([]);
  const { problems } = await check(script, { deleteEmptyNodes: true });
  expect(problems.map(({ message }) => message)).toEqual(["ada may not delete nodes"]);
  expect(problems[0]?.fix).toContain("rbac --user=ada --delete-empty-nodes |");
});

it("needs the right to make its namespace only while that is not there", async () => {
  const deny = (call: KubeCall): unknown => {
    const { verb, resource } = asked(call);
    return { status: { allowed: !(verb === "create" && resource === "namespaces") } };
  };
  expect(codes(await check(healthy({ [MAY]: deny })))).toEqual([]);
  const missing = healthy({ [MAY]: deny, "/api/v1/namespaces/changeover-system": () => undefined });
  expect(codes(await check(missing))).toEqual(["Drain.Forbidden namespaces"]);
});

it("#24 tells of an old server and of missing rights together", async () => {
  const access = await check(
    healthy({
      "/apis/policy/v1": () => undefined,
      "/version": () => ({ major: "1", minor: "20", gitVersion: "v1.20.9" }),
      [MAY]: call => ({ status: { allowed: asked(call).resource !== "jobs" } }),
    }),
  );
  expect(codes(access)).toEqual(["Drain.ServerTooOld https://scripted", "Drain.Forbidden jobs.batch"]);
  expect(access.problems[0]?.message).toContain("v1.20.9");
});

it.each([
  ["no answer", new KubeError({ kind: "unreachable", message: "ECONNREFUSED" }), "Drain.Unreachable"],
  ["a timeout", new KubeError({ kind: "timeout", message: "15 s" }), "Drain.Unreachable"],
  ["a server in trouble", failed(503), "Drain.Unreachable"],
  ["refused credentials", failed(401), "Drain.CredentialsRefused"],
])("ends at once with one problem on %s", async (_, error, code) => {
  const api = scriptApi(() => error);
  const access = await checkAccess({ kube: api.kube, now: () => NOW });
  expect(access).toMatchObject({ reached: false });
  expect(codes(access)).toEqual([`${code} https://scripted`]);
  expect(api.calls).toHaveLength(1);
});

it("goes on where the server does not say its version or who is asking", async () => {
  const access = await check(healthy({ "/version": () => failed(403), [WHO]: () => undefined }));
  expect(access).toMatchObject({ reached: true, problems: [], warnings: [] });
  expect(access).not.toHaveProperty("user");
});

it("warns when rights cannot be asked for", async () => {
  const access = await check(healthy({ [MAY]: () => failed(403, { message: "no reviews here" }) }));
  expect(access).toMatchObject({ reached: true, problems: [] });
  expect(access.warnings).toEqual([
    expect.stringMatching(/^permissions could not be checked: .*no reviews here/),
  ]);
});

it("lets a stop through instead of calling it a fault of the server", async () => {
  const stop = new AbortController();
  const api = scriptApi(() => {
    stop.abort();
    return new KubeError({ kind: "aborted", message: "aborted" });
  });
  await expect(checkAccess({ kube: api.kube, now: () => NOW, signal: stop.signal })).rejects.toThrow(
    "aborted",
  );
});

describe("clocks", () => {
  const at = (seconds: number): string => new Date(NOW + seconds * 1000).toISOString();

  it.each([
    ["the same", 0, undefined],
    ["30 s behind us, which the rounded second hides", -30, undefined],
    ["32 s behind us", -32, /clock is 31 s ahead of the API server/],
    ["30 s ahead of us", 30, undefined],
    ["31 s ahead of us", 31, /clock is 31 s behind the API server/],
  ])("a server clock that is %s", (_, seconds, expected) => {
    const text = describeSkew(at(seconds), NOW, NOW);
    if (expected === undefined) expect(text).toBeUndefined();
    else expect(text).toMatch(expected);
  });

  it("does not take a slow answer for a wrong clock", () => {
    expect(describeSkew(at(40), NOW, NOW + 45_000)).toBeUndefined();
  });

  it("says nothing where the server gave no time", () => {
    expect(describeSkew(null, NOW, NOW)).toBeUndefined();
  });

  it("warns in the report", async () => {
    const access = await check(healthy({ [WHO]: () => ({ metadata: { creationTimestamp: at(-3_600) } }) }));
    expect(access.warnings).toEqual([expect.stringContaining("ahead of the API server's")]);
    expect(access.problems).toEqual([]);
  });
});
