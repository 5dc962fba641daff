/** Rules of a stand-in that a call meets by being refused, each with a call that must be. */
export type Refusals<R extends object> = {
  readonly [K in keyof R as R[K] extends { readonly on: "machines" } ? never : K]: () => unknown;
};

/** Every refusal is met by a call, and names its rule, so that a failed test says which one it ran into. */
export const describeRefusals = (standIn: string, refusals: Readonly<Record<string, () => unknown>>): void =>
  describe(`the stand-in for ${standIn} refuses`, () => {
    it.each(Object.entries(refusals))("%s", (rule, call) => {
      expect(call).toThrow(`[stand-in: ${rule}]`);
    });
  });
