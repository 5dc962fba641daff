import { setTimeout as pause } from "node:timers/promises";

const TRIES = 4;
const PAUSE_MS = 300;

/**
 * What was answered 429 is sent again, as the real providers do, whose pauses are longer: hashicorp/google for 500, 502
 * and 503, too (transport/error_retry_predicates.go, isCommonRetryableErrorCode), azure-native three times
 * (provider/pkg/azure/client_azcore.go, initPipelineOpts). AWS's own SDK does so by itself.
 */
export const untilTaken = async (send: () => Promise<Response>): Promise<Response> => {
  for (let tries = 1; ; tries += 1) {
    const response = await send();
    if (response.status !== 429 || tries === TRIES) return response;
    await response.body?.cancel();
    await pause(PAUSE_MS * tries);
  }
};
