import { AutoScalingClient } from "@aws-sdk/client-auto-scaling";
import { EKSClient } from "@aws-sdk/client-eks";

/** The SDK's own retries also carry a run over throttling. */
const MAX_ATTEMPTS = 8;

const perRegion = <T>(open: (region: string) => T): ((region: string) => T) => {
  const opened = new Map<string, T>();
  return region => {
    const found = opened.get(region) ?? open(region);
    opened.set(region, found);
    return found;
  };
};

/** Credentials come from where AWS's own tools take them, fresh when they expire; none is ever stored. */
export const eksClient = perRegion(region => new EKSClient({ region, maxAttempts: MAX_ATTEMPTS }));
export const scalingClient = perRegion(
  region => new AutoScalingClient({ region, maxAttempts: MAX_ATTEMPTS }),
);
