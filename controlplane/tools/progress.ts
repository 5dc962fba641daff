/** Texts of progress and their pace. Nothing here touches the world; the clock comes in as seconds. */

const MEGABYTE = 1_000_000;

export const describeSeconds = (seconds: number): string => {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, "0")} s`;
};

const megabytes = (bytes: number): string => (bytes / MEGABYTE).toFixed(bytes < 10 * MEGABYTE ? 1 : 0);

export interface DownloadProgress {
  readonly file: string;
  readonly received: number;
  /** Bytes that were there before this attempt: they say nothing about speed. */
  readonly resumedAt: number;
  readonly total: number | undefined;
  readonly seconds: number;
}

export const describeDownload = (progress: DownloadProgress): string => {
  const { file, received, resumedAt, total, seconds } = progress;
  if (total === undefined || total <= 0) return `${file}: ${megabytes(received)} MB`;
  const done = `${file}: ${megabytes(received)} of ${megabytes(total)} MB (${Math.floor((received / total) * 100)} %)`;
  const speed = seconds > 0 ? (received - resumedAt) / seconds : 0;
  if (speed <= 0 || received >= total) return done;
  return `${done}, about ${describeSeconds((total - received) / speed)} left`;
};

export interface BuildProgress {
  readonly compiled: number;
  readonly packages: number;
  readonly fetched: number;
  readonly seconds: number;
  readonly typicalSeconds: number;
}

const buildActivity = ({ compiled, packages, fetched }: BuildProgress): string => {
  if (compiled > 0) return `${compiled} of at most ${packages} packages compiled`;
  return fetched > 0
    ? `${fetched} modules downloaded`
    : "reading modules, or linking what is compiled already";
};

/** Until the usual time is over, that; on a slower or busier machine, the pace so far (some packages may be cached). */
const buildTimeLeft = ({ compiled, packages, seconds, typicalSeconds }: BuildProgress): string => {
  const left = typicalSeconds - seconds;
  if (left > 0) return `about ${describeSeconds(left)} left as a rule`;
  const late = `longer than the usual ${describeSeconds(typicalSeconds)}`;
  if (compiled === 0) return late;
  return `${late}, at most about ${describeSeconds((seconds * (packages - compiled)) / compiled)} left at this pace`;
};

export const describeBuild = (progress: BuildProgress): string =>
  `building: ${buildActivity(progress)}, ${describeSeconds(progress.seconds)} gone, ${buildTimeLeft(progress)}`;

/** Build times in the lock are for two cores; compiling scales with cores, linking does not. */
export const expectedBuildSeconds = (typicalSeconds: number, cores: number): number =>
  Math.round(typicalSeconds * Math.max(0.35, 2 / Math.max(1, cores)));

/** Lets a line through at once, then one per `everySeconds`. */
export const startPace = (everySeconds: number, now: () => number): (() => boolean) => {
  let last: number | undefined;
  return () => {
    const time = now();
    if (last !== undefined && time - last < everySeconds) return false;
    last = time;
    return true;
  };
};
