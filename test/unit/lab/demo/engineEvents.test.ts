import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createTail, drainsOf, parseEvent, spansOf } from "../../../../lab/demo/engineEvents";
import type { ResourceEvent } from "../../../../lab/demo/engineEvents";

const TYPE = "pulumi-nodejs:dynamic/changeover:Migration";
const line = (field: string, extra: object = {}, metadata: object = {}): string =>
  JSON.stringify({
    [field]: {
      metadata: {
        op: "update",
        urn: `urn:pulumi:demo::changeover::${TYPE}::workers`,
        type: TYPE,
        new: { custom: true },
        ...metadata,
      },
      ...extra,
    },
  });
const event = (at: number, kind: ResourceEvent["kind"], name: string): ResourceEvent => ({
  at,
  kind,
  op: "update",
  urn: name,
  type: "Migration",
  name,
});

describe("an event of the engine", () => {
  it("is read as what began or ended, by type and name", () => {
    expect(parseEvent(line("resourcePreEvent"), 5)).toMatchObject({
      at: 5,
      kind: "started",
      op: "update",
      type: "Migration",
      name: "workers",
    });
    expect(parseEvent(line("resOutputsEvent"), 5)?.kind).toBe("done");
    expect(parseEvent(line("resOpFailedEvent"), 5)?.kind).toBe("failed");
  });

  it.each([
    ["of a preview", line("resourcePreEvent", { planning: true })],
    ["of a component", line("resourcePreEvent", {}, { new: { custom: false } })],
    ["of a provider", line("resourcePreEvent", {}, { type: "pulumi:providers:pulumi-nodejs" })],
    ["about something else", JSON.stringify({ diagnosticEvent: { message: "hello" } })],
    ["cut in half", '"succeeded"}}'],
  ])("%s is passed over", (_what, text) => {
    expect(parseEvent(text, 0)).toBeUndefined();
  });
});

describe("spans", () => {
  it("run from start to end, in the order of their starts", () => {
    const events = [
      event(10, "started", "b"),
      event(5, "started", "a"),
      event(20, "done", "b"),
      event(30, "failed", "a"),
    ];
    expect(spansOf(events, 99).map(span => [span.name, span.startedAt, span.endedAt, span.failed])).toEqual([
      ["Migration a", 5, 30, true],
      ["Migration b", 10, 20, false],
    ]);
  });

  it("last until the end of the run where nothing ended them", () => {
    expect(spansOf([event(10, "started", "a")], 99)[0]?.endedAt).toBe(99);
  });

  it("leave out what stays the same", () => {
    expect(spansOf([{ ...event(10, "started", "a"), op: "same" }], 99)).toEqual([]);
  });
});

describe("drains", () => {
  const drain = {
    generation: "workers-1-35-19a4bb",
    moved: 30,
    makespanSeconds: 38.4,
    lowerBoundSeconds: 36.2,
    bindingTerm: "PDB shop/cart",
  };
  const done = (outcome: object, op = "update"): ResourceEvent => {
    const fresh = { custom: true, outputs: { outcome } };
    const read = parseEvent(line("resOutputsEvent", {}, { op, new: fresh }), 5);
    if (read === undefined) throw new Error("not an event");
    return read;
  };

  it("are read off what a migration put out, one for each generation that it left", () => {
    const other = { ...drain, generation: "workers-1-34-07c2e9" };
    expect(drainsOf([done({ moved: 60, drains: [drain, other] })])).toEqual([drain, other]);
  });

  it.each([
    ["that had nothing to do", done({ moved: 30, drains: [drain] }, "same")],
    ["of an older release", done({ moved: 30, seconds: 40, percent: 100 })],
    ["whose figures are no figures", done({ drains: [{ ...drain, makespanSeconds: "38" }] })],
    ["that has only begun", event(10, "started", "a")],
    ["that is another gate", { ...done({ drains: [drain] }), type: "SoakGate" }],
  ])("of a migration %s are not told", (_what, read) => {
    expect(drainsOf([read])).toEqual([]);
  });
});

describe("a tail", () => {
  const folder = mkdtempSync(join(tmpdir(), "changeover-tail-"));
  const file = join(folder, "events.jsonl");
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("reads whole lines once, and begins anew when the file does", () => {
    const readMore = createTail(file);
    expect(readMore()).toEqual([]);
    writeFileSync(file, "one\ntwo\nhal");
    expect(readMore()).toEqual(["one", "two"]);
    appendFileSync(file, "f\n");
    expect(readMore()).toEqual(["half"]);
    expect(readMore()).toEqual([]);
    writeFileSync(file, "new\n");
    expect(readMore()).toEqual(["new"]);
  });
});
