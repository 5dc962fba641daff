import { parseChecksumList, parseGithubDigest } from "../../../../controlplane/tools/checksum";

const A = "a".repeat(64);
const B = "B".repeat(64);

describe("a published checksum", () => {
  it("is found by file name among others", () => {
    expect(parseChecksumList(`${A}  etcd.tar.gz\n${B}  etcd.zip\n`, "etcd.zip")).toBe(B.toLowerCase());
  });

  it.each(["*", "./", "*./"])("is found behind the mark %s", mark => {
    expect(parseChecksumList(`${A} ${mark}kubectl\n`, "kubectl")).toBe(A);
  });

  it("may be the only thing in its file", () => {
    expect(parseChecksumList(`${A}\n`, "kube-apiserver")).toBe(A);
  });

  it.each([
    ["the file is not listed", `${A}  other\n`],
    ["the name only begins alike", `${A}  etcd.tar.gz.asc\n`],
    ["it is no SHA-256", "abc  etcd.tar.gz\n"],
    ["the answer is a web page", "<html>please log in</html>"],
    ["the file is empty", ""],
  ])("is not made up when %s", (_why, text) => {
    expect(parseChecksumList(text, "etcd.tar.gz")).toBeUndefined();
  });

  it("is taken from the digest GitHub records", () => {
    const text = JSON.stringify({ assets: [{ name: "kwok-linux-amd64", digest: `sha256:${A}` }] });
    expect(parseGithubDigest(text, "kwok-linux-amd64")).toBe(A);
  });

  it.each([
    [
      "GitHub has none for the file",
      JSON.stringify({ assets: [{ name: "kwok-linux-amd64", digest: null }] }),
    ],
    [
      "the digest is of another kind",
      JSON.stringify({ assets: [{ name: "kwok-linux-amd64", digest: `sha512:${A}` }] }),
    ],
    ["the answer is an error", JSON.stringify({ message: "rate limit exceeded" })],
    ["the answer is no JSON", "<html>"],
  ])("is not made up when %s", (_why, text) => {
    expect(parseGithubDigest(text, "kwok-linux-amd64")).toBeUndefined();
  });
});
