import { membersOf, readXml, textOf } from "../../../../../components/clouds/eks/live/xml";

const ANSWER = `<?xml version="1.0" encoding="UTF-8"?>
<R xmlns="urn:x"><set><item><id>a</id><tags><item><id>inner</id></item></tags><none/></item>
<item><name>x &amp; &lt;y&gt;</name><id>b</id></item></set></R>`;

describe("what AWS answers in XML", () => {
  const read = readXml(ANSWER);

  it("has its items in order, whatever the order of their elements", () => {
    expect(membersOf(read, "set").map(item => textOf(item, "id"))).toEqual(["a", "b"]);
  });

  it("tells an empty element from one that is not there, and reads what was escaped", () => {
    const [first, second] = membersOf(read, "set");
    expect(first && textOf(first, "none")).toBe("");
    expect(second && textOf(second, "none")).toBeUndefined();
    expect(second && textOf(second, "name")).toBe("x & <y>");
  });
});
