/** The pack's entry in a clone: its TypeScript by the loader of everything else here, compiled once (docs/adr/0007). */
require("../components/source.cjs");
require("./index.ts");
