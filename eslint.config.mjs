import js from "@eslint/js";
import tseslint from "typescript-eslint";

const providerIndex = {
  name: "@cdktf/provider-aws",
  message: "Import @cdktf/provider-aws/lib/<resource>: the package index costs 3 s and 540 MB at every start.",
};

/**
 * Imports run one way: main → stacks → constructs → aws, and cli → commands → deploy → engines and their tables → terraform, aws,
 * machine. By folder of `src`, the other folders that it imports values from; types may come from anywhere.
 */
const IMPORTS = {
  aws: [],
  machine: [],
  config: ["aws", "machine"],
  constructs: ["aws"],
  stacks: ["aws", "config", "constructs"],
  terraform: ["aws"],
  // The engines know no resource type: they are handed the tables.
  cost: ["machine", "terraform"],
  "plan-review": ["machine", "terraform"],
  simulation: ["aws", "machine"],
  adopt: ["aws", "terraform"],
  takeover: ["machine", "terraform"],
  verify: ["machine"],
  // What is known of resource types: pure in `resources`, with the AWS SDK in `account`.
  resources: ["aws", "cost", "machine", "plan-review", "terraform"],
  account: ["aws", "config", "machine", "terraform", "verify"],
  emulator: ["aws", "config", "machine"],
  playground: ["account", "aws", "config", "emulator", "machine"],
  deploy: [
    ...["account", "adopt", "aws", "config", "emulator", "machine", "playground"],
    ...["resources", "stacks", "takeover", "terraform", "verify"],
  ],
};

const restricted = (files, folders, more = {}) => ({
  files,
  rules: {
    "@typescript-eslint/no-restricted-imports": [
      "error",
      {
        paths: [providerIndex],
        patterns: [
          ...folders.map((folder) => ({
            group: [`**/${folder}/**`],
            message: "Imports run one way; see docs/architecture.md.",
            allowTypeImports: true,
          })),
          ...(more.patterns ?? []),
        ],
      },
    ],
  },
});

const FOLDERS = [...Object.keys(IMPORTS), "commands"];
const SDK = {
  patterns: [
    { group: ["@aws-sdk/*"], message: "Only account, deploy and playground use the AWS SDK.", allowTypeImports: true },
  ],
};
const oneWay = Object.entries(IMPORTS).map(([folder, allowed]) =>
  restricted(
    [`src/${folder}/**/*.ts`],
    FOLDERS.filter((other) => other !== folder && !allowed.includes(other)),
    ["account", "deploy", "cost", "playground"].includes(folder) ? {} : SDK,
  ),
);

export default tseslint.config(
  { ignores: ["node_modules", "cdktf.out", ".local*", "**/.venv", ".test-results", ".artifacts"] },
  js.configs.recommended,
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { project: "./tsconfig.json", tsconfigRootDir: import.meta.dirname } },
    rules: {
      "@typescript-eslint/no-restricted-imports": ["error", { paths: [providerIndex] }],
      // A construct is made for what it adds to its scope.
      "no-new": "off",
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
    },
  },
  {
    files: ["**/*.{js,cjs,mjs}"],
    languageOptions: { globals: { module: "writable", process: "readonly", require: "readonly" } },
  },
  {
    files: ["webapp/**/*.js"],
    languageOptions: {
      sourceType: "module",
      globals: Object.fromEntries(
        ["AbortSignal", "document", "fetch", "FormData", "location", "performance", "setInterval", "setTimeout"].map(
          (name) => [name, "readonly"],
        ),
      ),
    },
  },
  {
    files: ["src/playground/console/page/*.js"],
    languageOptions: {
      globals: Object.fromEntries(
        [
          "AbortSignal",
          "clearTimeout",
          "document",
          "EventSource",
          "fetch",
          "performance",
          "ResizeObserver",
          "setTimeout",
        ].map((name) => [name, "readonly"]),
      ),
    },
  },
  ...oneWay,
  restricted(
    ["main.ts"],
    FOLDERS.filter((folder) => !["aws", "config", "stacks"].includes(folder)),
  ),
);
