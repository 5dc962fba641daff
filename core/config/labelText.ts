import { z } from "zod";
import { RESERVED_PREFIX } from "../identity/names";
import { quote, refuseValue } from "./refusal";

const DNS_LABEL = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/;
const KEY = /^([a-z0-9]([a-z0-9.-]*[a-z0-9])?\/)?[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?$/;
const VALUE = /^([A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?)?$/;

/** Letters that the name of a pool has at most: a generation's name is made of it, and clouds count letters, too. */
export const NAME_LENGTH = 20;

/** Whether a text may be a name: a DNS label of at most `most` letters. */
export const isName = (text: string, most: number): boolean => text.length <= most && DNS_LABEL.test(text);

export const nameRule = (most: number): string =>
  `a name has at most ${most} lower-case letters, digits and "-", and starts and ends with a letter or digit`;

/** A name that becomes part of URNs, labels and cloud names. */
export const name = (most: number) =>
  z.string().superRefine((found, context) => {
    if (isName(found, most)) return;
    const message = `found ${quote(found)}; ${nameRule(most)}`;
    refuseValue(context, { code: "Config.Name", message, fix: "choose such a name" });
  });

/** A label or taint key that is neither malformed nor ours. */
export const labelKey = () =>
  z.string().superRefine((found, context) => {
    if (found.startsWith(RESERVED_PREFIX)) {
      const message = `found ${quote(found)}; keys under "${RESERVED_PREFIX}" are written by changeover itself`;
      refuseValue(context, { code: "Config.ReservedKey", message, fix: "use your own prefix" });
    } else if (!KEY.test(found)) {
      const message = `found ${quote(found)}; a key is "name" or "prefix.example/name"`;
      refuseValue(context, { code: "Config.LabelKey", message, fix: "write such a key" });
    }
  });

export const labelValue = () =>
  z.string().superRefine((found, context) => {
    if (VALUE.test(found)) return;
    const message = `found ${quote(found)}; a value has at most 63 letters, digits, "-", "_" and "."`;
    refuseValue(context, { code: "Config.LabelValue", message, fix: "write such a value" });
  });
