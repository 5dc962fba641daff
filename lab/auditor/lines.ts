/** The lines of a stream of UTF-8 bytes. A stream that breaks off throws, and its unfinished last line is dropped. */
export async function* linesOf(stream: AsyncIterable<unknown>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of stream) {
    const parts = (rest + decoder.decode(chunk as Uint8Array, { stream: true })).split("\n");
    rest = parts.pop() ?? "";
    yield* parts.filter(line => line !== "");
  }
  if (rest !== "") yield rest;
}
