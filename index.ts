import { openStack } from "./components";

export const { cluster, version, generations } = openStack();
