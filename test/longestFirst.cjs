const Sequencer = require("@jest/test-sequencer").default;

/**
 * Files that take longest, in that order. Jest knows how long a file took from an earlier run in the same folder; in a
 * fresh clone it goes by the size of the file, and the longest one, which imports its cases, would begin last.
 */
const LONGEST = [
  "test/lab/drain/cases/secondHalf.test.ts",
  "test/lab/drain/disturbed.test.ts",
  "test/lab/drain/surgeFirst.test.ts",
  "test/lab/drain/killAnywhere.test.ts",
  "test/lab/drain/drainNodes.test.ts",
  "test/lab/drain/cases/firstHalf.test.ts",
  "test/lab/drain/resume.test.ts",
  "test/lab/controlplane/repair.test.ts",
  "test/unit/core/drain/properties/laws.test.ts",
  "test/engine/kill.test.ts",
  "test/engine/staged.test.ts",
  "test/engine/pools.test.ts",
  "test/engine/twoStep.test.ts",
  "test/engine/misuse.test.ts",
];

const rankOf = ({ path }) => {
  const rank = LONGEST.findIndex(file => path.endsWith(file));
  return rank < 0 ? LONGEST.length : rank;
};

module.exports = class LongestFirst extends Sequencer {
  async sort(tests) {
    const others = await super.sort(tests);
    return [...others].sort((a, b) => rankOf(a) - rankOf(b));
  }
};
