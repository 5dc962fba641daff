const BEGIN = "<!-- bench:drain -->";
const END = "<!-- /bench:drain -->";

/** Where in a page the results stand. Throws when a marker is missing, or both are the wrong way round. */
const placeIn = (page: string): readonly [from: number, to: number] => {
  const from = page.indexOf(BEGIN);
  const to = page.indexOf(END, from);
  if (from < 0 || to < 0)
    throw new Error(`there is no place for results: put "${BEGIN}" and, below it, "${END}" into the page`);
  return [from + BEGIN.length, to];
};

/** The page with other results. */
export const putResults = (page: string, results: string): string => {
  const [from, to] = placeIn(page);
  return `${page.slice(0, from)}\n${results.trim()}\n${page.slice(to)}`;
};
