import { parseGoDuration } from "../../../../core/drain/goDuration";

it.each([
  ["90s", 90_000],
  ["1h30m", 5_400_000],
  ["1.5h", 5_400_000],
  ["250ms", 250],
  ["0s", undefined],
  ["", undefined],
  ["5", undefined],
  ["5 m", undefined],
  ["-5m", undefined],
  ["5d", undefined],
  ["5mm", undefined],
] as const)("reads %p as %p ms", (text, ms) => {
  expect(parseGoDuration(text)).toBe(ms);
});
