import { paint } from "./table";

/** The lower end of a terminal: a table that is painted over, and lines that scroll by above it. */
export interface Screen {
  readonly show: (lines: readonly string[]) => void;
  readonly say: (line: string) => void;
  /** Takes the table away. */
  readonly clear: () => void;
}

export const startScreen = (write: (text: string) => void): Screen => {
  let shown: readonly string[] = [];
  const show = (lines: readonly string[]): void => {
    write(paint(lines, shown.length));
    shown = lines;
  };
  const say = (line: string): void => {
    const table = shown;
    write(paint([line], table.length));
    shown = [];
    if (table.length > 0) show(table);
  };
  return { show, say, clear: () => show([]) };
};
