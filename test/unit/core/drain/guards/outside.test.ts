import { credentialsGuard, windowGuard } from "../../../../../core/drain/guards/outside";

const WINDOW = { opensAt: 1_000, closesAt: 2_000 };

it.each([
  [999, "closed", "hold"],
  [1_000, "open", "pause"],
  [1_999, "open", "pause"],
  [2_000, "closed", "pause"],
])("a maintenance window at %d is %s and asks to %s", (now, state, then) => {
  expect(windowGuard(WINDOW, now)).toMatchObject({ state, then });
});

it.each([
  ["that never expire", undefined, "open"],
  ["whose end cannot be told", Number.NaN, "unknown"],
  ["with a minute left", 60_000, "open"],
  ["with less than a minute left", 59_999, "closed"],
] as const)("credentials %s", (_title, expiresAt, state) => {
  expect(credentialsGuard(expiresAt, 0)).toMatchObject({ state, then: "hold" });
});
