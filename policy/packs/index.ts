export { STANDARD } from "./standard";
