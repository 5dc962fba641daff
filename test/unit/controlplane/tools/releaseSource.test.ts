import { describeFailure, mirrored } from "../../../../controlplane/tools/releaseSource";

const ADDRESS = "https://dl.k8s.io/release/v1.36.4/bin/linux/amd64/kubectl";

describe("a release mirror", () => {
  it.each([undefined, ""])("is not used when it is %j", mirror =>
    expect(mirrored(ADDRESS, mirror)).toBe(ADDRESS),
  );

  it("has a folder per publisher", () => {
    expect(mirrored(ADDRESS, "https://files.example/mirror/")).toBe(
      "https://files.example/mirror/dl.k8s.io/release/v1.36.4/bin/linux/amd64/kubectl",
    );
  });

  it.each(["http://127.0.0.1:8080", "http://localhost:1", "http://[::1]:1"])(
    "may be plain http on this machine: %s",
    mirror => expect(mirrored(ADDRESS, mirror).startsWith(mirror)).toBe(true),
  );

  it.each(["http://files.example", "ftp://files.example", "files.example", "http://127.0.0.1.evil.example"])(
    "is refused when anyone on the way could change files and checksums: %s",
    mirror =>
      expect(() => mirrored(ADDRESS, mirror)).toThrow(/Tools\.InsecureMirror.*CHANGEOVER_RELEASE_MIRROR/s),
  );
});

describe("a failed request", () => {
  it("is told in words where there are words", () => {
    const cause = Object.assign(new Error("getaddrinfo"), { code: "ENOTFOUND" });
    expect(describeFailure(new TypeError("fetch failed", { cause }))).toBe("its name can't be resolved");
  });

  it("is told by its code otherwise", () => {
    const cause = Object.assign(new Error("connect"), { code: "ECONNREFUSED" });
    expect(describeFailure(new TypeError("fetch failed", { cause }))).toBe("ECONNREFUSED");
  });
});
