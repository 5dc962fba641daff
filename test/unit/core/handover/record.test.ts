import { type HandoverRecord, mayCarry, parseHandoverRecord } from "../../../../core/handover/record";

const record: HandoverRecord = {
  handover: "shop",
  side: "green",
  pair: { blue: "b", green: "g" },
  weight: 25,
  demand: { "Deployment shop/web": 4 },
};

describe("the record of a handover", () => {
  it("is read as it was written; no text is no handover", () => {
    expect(parseHandoverRecord(JSON.stringify(record))).toEqual({ ok: true, value: record });
    expect(parseHandoverRecord(undefined)).toEqual({ ok: true, value: undefined });
  });

  it.each(["", "{}", "[]", "null", JSON.stringify({ ...record, weight: 120 })])("refuses %j", text => {
    expect(parseHandoverRecord(text)).toMatchObject({
      ok: false,
      problems: [{ code: "Handover.RecordUnreadable" }],
    });
  });

  it.each([
    ["green", undefined, 25],
    ["blue", undefined, 75],
    ["green", 50, 50],
    ["blue", 50, 75],
    ["green", 5, 25],
    ["blue", 5, 95],
  ] as const)("a %s that goes to %s may carry %d %", (side, moving, percent) => {
    expect(mayCarry({ ...record, side, ...(moving === undefined ? {} : { moving }) })).toBe(percent);
  });
});
