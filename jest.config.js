/** What all tests have in common. */
const common = {
  testEnvironment: "node",
  modulePathIgnorePatterns: ["<rootDir>/webapp/"],
  // Types are checked by `tsc --noEmit`, once.
  transform: { "^.+\\.ts$": ["ts-jest", { diagnostics: false }] },
  setupFilesAfterEnv: ["<rootDir>/__tests__/setup.ts"],
};

/** @type {import("jest").Config} */
module.exports = {
  // A test waits for what it is about and never for the clock; this ends one that waits for what does not come.
  testTimeout: 10 * 60_000,
  testSequencer: "<rootDir>/jest.sequencer.js",
  projects: [
    // `npm run test:quick`: no processes and no emulator.
    {
      ...common,
      displayName: "quick",
      testMatch: ["<rootDir>/__tests__/**/*.test.ts"],
      testPathIgnorePatterns: ["/integration/", "\\.process\\.test\\.ts$"],
    },
    { ...common, displayName: "process", testMatch: ["<rootDir>/__tests__/**/*.process.test.ts"] },
    {
      ...common,
      displayName: "integration",
      testMatch: ["<rootDir>/__tests__/integration/**/*.test.ts"],
      globalSetup: "<rootDir>/__tests__/integration/global-setup.js",
    },
  ],
};
