import { bucketsOf, bucketsSince, parseSamples, quantileOf, sumOf } from "../../../bench/drain/prometheus";

const PAGE = [
  "# HELP apiserver_request_total Counter",
  'apiserver_request_total{code="201",subresource="eviction",verb="POST"} 12',
  'apiserver_request_total{code="429",subresource="eviction",verb="POST"} 3',
  'other_total{a="b"} 9',
  "apiserver_request_total 1.5e+02",
  'apiserver_request_total{path="a\\"b}"} 4',
];

describe("a page of metrics", () => {
  it("gives the wanted ones with labels and values, in whatever notation", () => {
    const samples = parseSamples(PAGE, ["apiserver_request_total"]);
    expect(samples.map(({ value }) => value)).toEqual([12, 3, 150, 4]);
    expect(samples[1]?.labels).toEqual({ code: "429", subresource: "eviction", verb: "POST" });
    expect(samples[3]?.labels).toEqual({ path: 'a\\"b}' });
    expect(sumOf(samples, ({ labels }) => labels["code"] === "429")).toBe(3);
  });
});

describe("a quantile of a histogram", () => {
  const buckets = (...counts: readonly (readonly [string, number])[]) =>
    bucketsOf(counts.map(([le, value]) => ({ name: "d_bucket", labels: { le }, value })));

  it("lies on a straight line inside its bucket", () => {
    expect(quantileOf(buckets(["0.1", 50], ["0.2", 100], ["+Inf", 100]), 0.75)).toBeCloseTo(0.15);
    expect(quantileOf(buckets(["0.1", 100], ["+Inf", 100]), 0.5)).toBeCloseTo(0.05);
  });

  it("is the last bound where it lies beyond, and no number where nothing was counted", () => {
    expect(quantileOf(buckets(["0.1", 1], ["+Inf", 100]), 0.99)).toBe(0.1);
    expect(quantileOf(buckets(["0.1", 0], ["+Inf", 0]), 0.99)).toBeNaN();
  });

  it("adds up series, and counts only what came since", () => {
    const before = buckets(["1", 10], ["2", 10], ["+Inf", 10]);
    const now = buckets(["1", 10], ["2", 30], ["1", 0], ["2", 0], ["+Inf", 30]);
    expect(quantileOf(bucketsSince(before, now), 0.5)).toBeCloseTo(1.5);
  });
});
