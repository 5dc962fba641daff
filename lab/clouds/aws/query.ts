/*
 * AWS's query protocol, as Auto Scaling speaks it: a form in, XML out.
 * https://smithy.io/2.0/aws/protocols/aws-query-protocol.html
 */
type Value = string | number | boolean | undefined | readonly Value[] | { readonly [key: string]: Value };

const escape = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");

/** Lists are wrapped in `member`, absent values left out. */
export const writeXml = (value: Value): string => {
  if (value === undefined) return "";
  if (Array.isArray(value)) return value.map(item => `<member>${writeXml(item as Value)}</member>`).join("");
  if (typeof value !== "object") return escape(String(value));
  return Object.entries(value as Readonly<Record<string, Value>>)
    .filter(([, inner]) => inner !== undefined)
    .map(([key, inner]) => `<${key}>${writeXml(inner)}</${key}>`)
    .join("");
};

export type Form = URLSearchParams;

/** "ScalingProcesses.member.1", ".2", … in order. */
export const readList = (form: Form, name: string): readonly string[] => {
  const found: string[] = [];
  for (let index = 1; ; index += 1) {
    const value = form.get(`${name}.member.${index}`);
    if (value === null) return found;
    found.push(value);
  }
};

/** "Tags.member.1.Key" → {Key}, one object a member. */
export const readObjects = (form: Form, name: string): readonly Readonly<Record<string, string>>[] => {
  const found: Record<string, string>[] = [];
  for (const [key, value] of form) {
    const [, index, field] = new RegExp(`^${name}\\.member\\.(\\d+)\\.(\\w+)$`).exec(key) ?? [];
    if (index === undefined || field === undefined) continue;
    (found[Number(index) - 1] ??= {})[field] = value;
  }
  return found;
};

export const answerXml = (action: string, result: Value): string =>
  `<${action}Response xmlns="http://autoscaling.amazonaws.com/doc/2011-01-01/"><${action}Result>${writeXml(result)}</${action}Result><ResponseMetadata><RequestId>stand-in</RequestId></ResponseMetadata></${action}Response>`;

export const errorXml = (code: string, message: string): string =>
  `<ErrorResponse xmlns="http://autoscaling.amazonaws.com/doc/2011-01-01/"><Error><Type>Sender</Type><Code>${escape(code)}</Code><Message>${escape(message)}</Message></Error><RequestId>stand-in</RequestId></ErrorResponse>`;
