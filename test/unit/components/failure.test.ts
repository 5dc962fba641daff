import { ProblemError } from "../../../core/problem";
import { describeEnd } from "../../../components/gates/host/failure";
import type { GateInputs } from "../../../components/gates/protocol";

const GATE = { gate: "HealthGate" } as GateInputs;
const stopped = AbortSignal.abort(new Error("cancelled: Ctrl-C"));
const running = new AbortController().signal;
const own = new ProblemError("not empty", [{ code: "Migration.Stopped", path: "a", message: "b", fix: "c" }]);

describe("how a step ended", () => {
  it("names the stop, where it hit, and the way on", () => {
    const { message } = describeEnd(new Error("GET /api/v1/nodes: aborted"), GATE, stopped);
    expect(message).toContain("Gate.Stopped");
    expect(message).toContain("cancelled: Ctrl-C (at: GET /api/v1/nodes: aborted)");
    expect(message).toContain("run `pulumi up` again to go on");
  });

  it("says the reason once when it is the error itself", () => {
    expect(describeEnd(stopped.reason, GATE, stopped).message).not.toContain("at:");
  });

  it("leaves a gate's own words, and errors of a run that was not stopped", () => {
    expect(describeEnd(own, GATE, stopped).message).toBe(own.message);
    const bug = new TypeError("x is undefined");
    expect(describeEnd(bug, GATE, running)).toBe(bug);
  });
});
