/** How a cloud's answers are read that are no success. */
export interface Reading<A> {
  /** A failure in words that say what to do. */
  readonly translate: (asked: A, error: Error) => Error;
  /** The cloud itself says that there is no such thing. */
  readonly isGone: (error: unknown) => boolean;
}

export interface Asking<A> {
  /** Sends one request. `expected` says which errors the caller judges itself. */
  readonly ask: <T>(asked: A, send: () => Promise<T>, expected?: (error: unknown) => boolean) => Promise<T>;
  /** The same for what may be gone: absent is an answer only when the cloud itself says so. */
  readonly askFor: <T>(asked: A, send: () => Promise<T>) => Promise<T | undefined>;
}

export const asking = <A>({ translate, isGone }: Reading<A>): Asking<A> => {
  const ask: Asking<A>["ask"] = async (asked, send, expected = () => false) => {
    try {
      return await send();
    } catch (error) {
      if (!(error instanceof Error) || error.name === "ProblemError" || expected(error)) throw error;
      throw translate(asked, error);
    }
  };
  return {
    ask,
    askFor: async (asked, send) => {
      try {
        return await ask(asked, send, isGone);
      } catch (error) {
        if (isGone(error)) return undefined;
        throw error;
      }
    },
  };
};
