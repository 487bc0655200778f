const { default: Sequencer } = require("@jest/test-sequencer");

/** The integration tests first, for they take minutes: the others run beside them. */
module.exports = class extends Sequencer {
  sort(tests) {
    const isLong = ({ path }) => path.includes("integration");
    return [...tests].sort((a, b) => Number(isLong(b)) - Number(isLong(a)) || a.path.localeCompare(b.path));
  }
};
