import { openStack } from "changeover";

export const { cluster, version, generations } = openStack();
