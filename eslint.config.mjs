import js from "@eslint/js";
import tseslint from "typescript-eslint";

const providerIndex = {
  name: "@cdktf/provider-aws",
  message: "Import @cdktf/provider-aws/lib/<resource>: the package index costs 3 s and 540 MB at every start.",
};

/** Imports run one way: main → stacks → constructs; tools do not import each other. */
const mayNotImport = (files, folders, ignores = []) => ({
  files,
  ignores,
  rules: {
    "no-restricted-imports": [
      "error",
      {
        paths: [providerIndex],
        patterns: folders.map((folder) => ({
          group: [`**/${folder}`, `**/${folder}/**`],
          message: "Imports run one way; see docs/decisions.",
        })),
      },
    ],
  },
});

export default tseslint.config(
  { ignores: ["node_modules", "cdktf.out", ".local", "**/.venv", ".test-results", ".artifacts"] },
  js.configs.recommended,
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { project: "./tsconfig.json", tsconfigRootDir: import.meta.dirname } },
    rules: {
      "no-restricted-imports": ["error", { paths: [providerIndex] }],
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
      sourceType: "script",
      globals: Object.fromEntries(
        ["AbortSignal", "document", "fetch", "FormData", "location", "setTimeout"].map((name) => [name, "readonly"]),
      ),
    },
  },
  mayNotImport(["src/config/**/*.ts"], ["stacks", "constructs", "commands", "emulator", "verify", "terraform"]),
  mayNotImport(["src/constructs/**/*.ts"], ["stacks", "commands", "emulator", "verify", "terraform"]),
  mayNotImport(["src/stacks/**/*.ts", "main.ts"], ["commands", "emulator", "verify", "terraform"]),
  mayNotImport(["src/emulator/**/*.ts"], ["stacks", "constructs", "commands", "verify"]),
  mayNotImport(["src/adopt/**/*.ts"], ["stacks", "constructs", "commands", "emulator", "verify"]),
  // Tools know the synthesized JSON or the plan, and nothing of each other.
  ...["simulation", "plan-review", "cost"].map((tool, _, tools) =>
    mayNotImport(
      [`src/${tool}/**/*.ts`],
      [
        ...["config", "stacks", "constructs", "commands", "emulator", "verify", "adopt"],
        ...tools.filter((other) => other !== tool),
      ],
    ),
  ),
  mayNotImport(
    ["src/terraform/**/*.ts"],
    ["config", "stacks", "constructs", "commands", "emulator", "verify", "adopt", "simulation", "plan-review", "cost"],
  ),
  mayNotImport(["src/verify/**/*.ts"], ["stacks", "constructs", "commands"]),
);
