import { existsSync } from "node:fs";
import { join } from "node:path";
import lockJson from "../../../../controlplane/tools/versions.json";
import { parseLock, TOOL_IDS, toolLabel, toolLock } from "../../../../controlplane/tools/lock";

const modules = join(__dirname, "../../../../controlplane/tools/modules");
const changed = (edit: (copy: typeof lockJson) => void): unknown => {
  const copy = structuredClone(lockJson);
  edit(copy);
  return copy;
};

describe("the lock file", () => {
  it.each(TOOL_IDS)("%s names an exact version of the minor in its id", id => {
    const minor = id.slice(id.lastIndexOf("-") + 1);
    expect(toolLock(id).version).toMatch(new RegExp(`^${minor.replace(".", "\\.")}\\.\\d+$`));
  });

  it.each(TOOL_IDS)("%s has a Go module to build from", id => {
    expect(existsSync(join(modules, id, "go.mod"))).toBe(true);
    expect(existsSync(join(modules, id, "go.sum"))).toBe(true);
  });

  it("asks for every file and checksum over https", () => {
    const addresses = TOOL_IDS.flatMap(id =>
      toolLock(id).releases.flatMap(one => [one.url, one.checksum.url]),
    );
    expect(addresses.filter(address => !address.startsWith("https://"))).toEqual([]);
  });

  it("refuses a pin that is no SHA-256", () => {
    const raw = changed(copy =>
      Object.assign(copy.tools["kwok-0.8"].releases[0] ?? {}, { sha256: { "linux/amd64/kwok": "abc" } }),
    );
    expect(() => parseLock(raw)).toThrow(/sha256/);
  });

  it("refuses a range where an exact version belongs", () => {
    const raw = changed(copy => Object.assign(copy.tools["etcd-3.6"], { version: "3.6" }));
    expect(() => parseLock(raw)).toThrow(/version/);
  });

  it("refuses a key it does not know", () => {
    const raw = changed(copy => Object.assign(copy.tools["etcd-3.6"], { verison: "3.6.8" }));
    expect(() => parseLock(raw)).toThrow(/verison/);
  });

  it("labels a tool by name and version", () => {
    expect(toolLabel(toolLock("kubernetes-1.36"))).toBe("kubernetes 1.36.4");
  });
});
