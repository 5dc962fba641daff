import { identify, isAlive, parsePidFile, parseStat } from "../../../../controlplane/process/identity";

const stat = (state: string, name = "etcd", threads = 9): string =>
  `42 (${name}) ${state} 1 42 42 0 -1 4194560 1 0 0 0 3 1 0 0 20 0 ${threads} 0 987654 123 45 678\n`;

describe("parseStat", () => {
  it("finds the start, whatever the program calls itself", () => {
    expect(parseStat(stat("S", "a b) c (d"))).toBe("987654");
  });

  it.each(["Z", "X"])("takes a process in state %s for gone", state => {
    expect(parseStat(stat(state, "etcd", 1))).toBeUndefined();
  });

  it("takes a killed process whose other threads still hold its ports for living", () => {
    expect(parseStat(stat("Z", "etcd", 2))).toBe("987654");
  });
});

describe("parsePidFile", () => {
  it("reads the pid and the kernel's line", () => {
    expect(parsePidFile(`42\n${stat("R", "sh")}`)).toEqual({ pid: 42, started: "987654" });
  });

  it("reads the start as ps writes it", () => {
    expect(parsePidFile("42\nSat Nov 21 05:00:04 2026\n")).toEqual({
      pid: 42,
      started: "Sat Nov 21 05:00:04 2026",
    });
  });

  it.each(["", "42", "42\n", "x\nSat", "1\nSat Nov"])("gives nothing for %j", text => {
    expect(parsePidFile(text)).toBeUndefined();
  });
});

describe("isAlive", () => {
  it("knows this very process, and not another one that has its pid", () => {
    const self = identify(process.pid);
    expect(self).toBeDefined();
    expect(isAlive(self ?? { pid: 0, started: "" })).toBe(true);
    expect(isAlive({ pid: process.pid, started: "another start" })).toBe(false);
  });
});
