/** Flags as they were written. */
export interface RawFlags {
  readonly selector?: string;
  readonly pool?: string;
  readonly generation?: string;
  readonly to?: string;
  readonly force?: boolean;
  readonly ignoreDaemonsets: boolean;
  readonly deleteEmptydirData?: boolean;
  readonly gracePeriod: string;
  readonly timeout: string;
  readonly stallTimeout: string;
  readonly podSelector?: string;
  readonly disableEviction?: boolean;
  readonly skipWaitForDeleteTimeout: string;
  readonly chunkSize: string;
  readonly disregard?: readonly string[];
  readonly abandonClaim?: readonly string[];
  readonly allow?: readonly string[];
  readonly onAlarm: string;
  readonly dryRun: string;
  readonly output: string;
  readonly metricsFile?: string;
  readonly rollback?: boolean;
  readonly abort?: boolean;
  readonly leaseWait: string;
  readonly deregistrationWait: string;
  readonly deleteEmptyNodes?: boolean;
}
