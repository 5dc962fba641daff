import type { Run } from "./stack";

/** It did what was asked, and said nothing of an error. */
export const expectDone = ({ text, code }: Run): void => {
  expect(text).not.toMatch(/error:/);
  expect(code).toBe(0);
};

/** It was refused, for this reason. */
export const expectRefused = ({ text, code }: Run, reason: RegExp): void => {
  expect(text).toMatch(reason);
  expect(code).not.toBe(0);
};
