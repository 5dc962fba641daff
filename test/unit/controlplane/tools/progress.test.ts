import fc from "fast-check";
import {
  describeBuild,
  describeDownload,
  describeSeconds,
  expectedBuildSeconds,
  startPace,
} from "../../../../controlplane/tools/progress";

const download = {
  file: "kube-apiserver",
  received: 20_000_000,
  resumedAt: 0,
  total: 80_000_000,
  seconds: 10,
};

describe("progress of a download", () => {
  it("tells bytes, percent and time left", () => {
    expect(describeDownload(download)).toBe("kube-apiserver: 20 of 80 MB (25 %), about 30 s left");
  });

  it("does not count bytes of an earlier run as speed", () => {
    const resumed = { ...download, received: 60_000_000, resumedAt: 50_000_000 };
    expect(describeDownload(resumed)).toBe("kube-apiserver: 60 of 80 MB (75 %), about 20 s left");
  });

  it("tells only the bytes when the server does not say how many there are", () => {
    expect(describeDownload({ ...download, total: undefined })).toBe("kube-apiserver: 20 MB");
  });

  it("promises no time when nothing has arrived yet", () => {
    expect(describeDownload({ ...download, received: 0, seconds: 0 })).toBe(
      "kube-apiserver: 0.0 of 80 MB (0 %)",
    );
  });
});

describe("progress of a build", () => {
  const build = { compiled: 0, fetched: 0, packages: 974, seconds: 15, typicalSeconds: 45 };

  it("tells packages compiled, time gone and time left", () => {
    expect(describeBuild({ ...build, compiled: 300 })).toBe(
      "building: 300 of at most 974 packages compiled, 15 s gone, about 30 s left as a rule",
    );
  });

  it("tells what is downloaded before anything is compiled", () => {
    expect(describeBuild({ ...build, fetched: 12 })).toContain("12 modules downloaded");
  });

  it("admits that it takes longer than usual, and goes by its own pace then", () => {
    const late = describeBuild({ ...build, packages: 900, compiled: 300, seconds: 100 });
    expect(late).toContain("longer than the usual 45 s, at most about 3 min 20 s left at this pace");
  });

  it("promises nothing when it is late and has no pace yet", () => {
    expect(describeBuild({ ...build, seconds: 100 })).toMatch(/longer than the usual 45 s$/);
  });

  it("expects the locked time on two cores and less on more", () => {
    expect(expectedBuildSeconds(200, 2)).toBe(200);
    expect(expectedBuildSeconds(200, 4)).toBe(100);
    expect(expectedBuildSeconds(200, 64)).toBe(70);
  });
});

describe("words and pace", () => {
  it("writes minutes with two digits of seconds", () => {
    expect([0, 59.4, 60, 125].map(describeSeconds)).toEqual(["0 s", "59 s", "1 min 00 s", "2 min 05 s"]);
  });

  it("lets the first line through and then never two within the pace", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 10, noNaN: true })), steps => {
        let clock = 0;
        const mayTell = startPace(5, () => clock);
        const told = [0, ...steps].flatMap(step => {
          clock += step;
          return mayTell() ? [clock] : [];
        });
        expect(told[0]).toBe(0);
        expect(told.slice(1).every((time, index) => time - (told[index] ?? 0) >= 5)).toBe(true);
      }),
    );
  });
});
