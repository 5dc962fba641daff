/** Markup as text. What came from outside is escaped here and nowhere else. */
const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

export const escapeText = (text: string): string => text.replace(/[&<>"']/g, sign => ENTITIES[sign] ?? sign);

type Attributes = Readonly<Record<string, string | number | undefined>>;

/** One element: attribute values are escaped, `children` are taken as the markup that they are. */
export const element = (name: string, attributes: Attributes, ...children: readonly string[]): string => {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${escapeText(String(value))}"`)
    .join("");
  return `<${name}${written}>${children.join("")}</${name}>`;
};

/** Two decimals are finer than any screen, and keep the page small. */
export const px = (value: number): number => Math.round(value * 100) / 100;
