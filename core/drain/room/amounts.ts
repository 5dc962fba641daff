import type { Amounts } from "./places";

/** The first resource of which the room does not suffice. */
export const shortage = (requests: Amounts, room: Amounts): string | undefined => {
  for (const name in requests) {
    const amount = requests[name] ?? 0;
    if (amount > 0 && amount > (room[name] ?? 0)) return name;
  }
  return undefined;
};

export type Rest = Record<string, number>;

export const take = (room: Rest, requests: Amounts): void => {
  for (const name in requests) room[name] = (room[name] ?? 0) - (requests[name] ?? 0);
};

export const sumAmounts = (all: readonly Amounts[]): Amounts => {
  const total: Rest = {};
  for (const amounts of all) {
    for (const name in amounts) total[name] = (total[name] ?? 0) + Math.max(0, amounts[name] ?? 0);
  }
  return total;
};

/** The share of everything there is that is asked for, by the scarcest resource. */
export const weightOf = (requests: Amounts, total: Amounts): number =>
  Math.max(0, ...Object.entries(requests).map(([name, amount]) => amount / Math.max(1, total[name] ?? 0)));
