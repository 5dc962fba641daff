import type { Background } from "./background";
import { type Answer, type Asked, listen, serveApi } from "./http";

interface Closing {
  readonly close: () => Promise<void>;
}

/** What a stand-in has running behind its API. */
export interface Behind {
  readonly background: Background;
  /** By cluster. */
  readonly fronts: ReadonlyMap<string, Closing>;
}

/** Serves a stand-in's API on loopback. Closing it ends what runs behind, first the work and then the fronts. */
export const openApi = async (
  answer: (asked: Asked) => Promise<Answer>,
  { background, fronts }: Behind,
): Promise<Closing & { readonly endpoint: string }> => {
  const server = serveApi(answer);
  const port = await listen(server);
  return {
    endpoint: `http://127.0.0.1:${port}`,
    close: async () => {
      server.close();
      server.closeAllConnections();
      await background.end();
      for (const front of fronts.values()) await front.close();
    },
  };
};
