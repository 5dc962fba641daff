/** One element of what AWS's query services answer, which write no attributes that matter. */
export interface XmlElement {
  readonly name: string;
  readonly text: string;
  readonly children: readonly XmlElement[];
}

interface Open {
  readonly name: string;
  text: string;
  readonly children: XmlElement[];
}

const TOKEN = /<(\/?)([A-Za-z][\w.:-]*)[^>]*?(\/?)>|([^<]+)/g;

const unescape = (text: string): string =>
  text
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&apos;", "'")
    .replaceAll("&amp;", "&");

const open = (name: string): Open => ({ name, text: "", children: [] });

const closeLast = (stack: Open[]): void => {
  const done = stack.pop();
  if (done !== undefined) stack.at(-1)?.children.push(done);
};

const write = (stack: readonly Open[], text: string): void => {
  const last = stack.at(-1);
  if (last !== undefined) last.text += unescape(text);
};

const readTag = (stack: Open[], [, closing, name = "", empty]: RegExpMatchArray): void => {
  if (closing === "") stack.push(open(name));
  if (closing === "/" || empty === "/") closeLast(stack);
};

/** The whole document as one element without a name. The order of elements in an answer is nobody's promise. */
export const readXml = (document: string): XmlElement => {
  const root = open("");
  const stack = [root];
  for (const token of document.matchAll(TOKEN)) {
    const text = token[4];
    if (text === undefined) readTag(stack, token);
    else write(stack, text);
  }
  return root;
};

/** All elements of that name, however deep. */
export const findAll = (element: XmlElement, name: string): readonly XmlElement[] =>
  element.children.flatMap(child => (child.name === name ? [child] : findAll(child, name)));

/** The children ("item", "member") of the first list of that name. */
export const membersOf = (element: XmlElement, list: string): readonly XmlElement[] =>
  findAll(element, list)[0]?.children ?? [];

/** Text of the first element of that name; undefined = there is none. */
export const textOf = (element: XmlElement, name: string): string | undefined =>
  findAll(element, name)[0]?.text.trim();
