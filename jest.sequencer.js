const { default: Sequencer } = require("@jest/test-sequencer");

/** Those that wait longest come first: deploys from nothing, then what starts from a deployment, and the quick ones last. */
const ORDER = [
  /integration\/(takeover|workflows|killed|interrupted|bootstrap|scaling)\./,
  /integration\//,
  /\.process\.test\.ts$/,
  /cost\/bill|properties|policies|fleet|simulate/,
];

module.exports = class extends Sequencer {
  sort(tests) {
    const found = ({ path }) => ORDER.findIndex((pattern) => pattern.test(path));
    const place = (test) => (found(test) < 0 ? ORDER.length : found(test));
    return [...tests].sort((a, b) => place(a) - place(b) || a.path.localeCompare(b.path));
  }
};
