import {
  askSideBySide,
  type Findings,
  NOTHING,
} from "../../../../../components/clouds/shared/live/sideBySide";
import { type Problem, ProblemError } from "../../../../../core/problem";
import { KubeError } from "../../../../../kube";

const blocker: Problem = { code: "Some.Blocker", path: "pools", message: "too few", fix: "more" };
const found = (): Promise<Findings> => Promise.resolve({ ...NOTHING, blockers: [blocker] });
const refusing = (code: Problem["code"]) => () =>
  Promise.reject(
    new ProblemError("refused", [{ code, path: "x", message: "no quota.read", fix: "grant quota.read" }]),
  );
const silent = (): Promise<Findings> =>
  Promise.reject(new KubeError({ kind: "unreachable", message: "no route" }));
const never = (): Promise<Findings> => new Promise(() => undefined);

const open = (): AbortSignal => new AbortController().signal;

describe("questions to a cloud, side by side", () => {
  it("what one may not be told stands beside what the others found, with how to get it", async () => {
    const checks = [
      { what: "quotas", ask: refusing("Gke.AccessDenied") },
      { what: "versions", ask: found },
    ];
    expect(await askSideBySide(checks, open())).toEqual({
      blockers: [blocker],
      warnings: [
        {
          code: "Preflight.NotAsked",
          path: "cluster",
          message: "not checked, so nothing is known of quotas: no quota.read",
          fix: "grant quota.read",
        },
      ],
    });
  });

  it("one reason behind several questions is said once", async () => {
    const ask = refusing("Gke.AccessDenied");
    const checks = [
      { what: "quotas", ask },
      { what: "addresses", ask },
      { what: "versions", ask: found },
    ];
    const { warnings } = await askSideBySide(checks, open());
    expect(warnings.map(({ message }) => message)).toEqual([
      "not checked, so nothing is known of quotas, addresses: no quota.read",
    ]);
  });

  it("one without an answer is said; where none answers it is an outage", async () => {
    const quiet = { what: "quotas", ask: silent };
    const some = await askSideBySide([quiet, { what: "versions", ask: found }], open());
    expect(some).toMatchObject({ blockers: [blocker], warnings: [{ code: "Preflight.NotAsked" }] });
    await expect(askSideBySide([quiet, quiet], open())).rejects.toThrow("no route");
  });

  it("ends with its signal, whatever a client waits for, and keeps what was found until then", async () => {
    const end = new AbortController();
    const foundThenEnd = (): Promise<Findings> => {
      setImmediate(() => end.abort());
      return found();
    };
    const asked = askSideBySide(
      [
        { what: "quotas", ask: never },
        { what: "versions", ask: foundThenEnd },
      ],
      end.signal,
    );
    const { blockers, warnings } = await asked;
    expect(blockers).toEqual([blocker]);
    expect(warnings.map(({ message }) => message)).toEqual([expect.stringContaining("no answer in time")]);
  });

  it("credentials that are none, and mistakes of our own, are never softened to a warning", async () => {
    const other = { what: "versions", ask: found };
    const without = { what: "quotas", ask: refusing("Gke.NoCredentials") };
    await expect(askSideBySide([other, without], open())).rejects.toThrow("Gke.NoCredentials");
    const broken = { what: "quotas", ask: () => Promise.reject(new TypeError("a bug")) };
    await expect(askSideBySide([other, broken], open())).rejects.toThrow("a bug");
  });
});
