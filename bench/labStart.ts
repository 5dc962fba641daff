import { newestVersion } from "../controlplane";
import { destroyLab, ensureLab } from "../lab";
import type { Measurement } from "./row";

const LAB = "bench-start";
const READY_SECONDS = 10;

/** From nothing to a lab whose API, controllers, scheduler and simulator are all ready; tools cached. */
export const measureLabStart: Measurement = async ({ rounds, signal, say }) => {
  const values: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const startedAt = performance.now();
    await ensureLab({ name: LAB, version: newestVersion() }, { progress: () => undefined, signal });
    values.push((performance.now() - startedAt) / 1000);
    say(`lab ready ${values.at(-1)?.toFixed(2) ?? ""} s`);
    await destroyLab(LAB);
  }
  return [{ what: "lab ready, from nothing", unit: "s", values, atMost: READY_SECONDS }];
};
