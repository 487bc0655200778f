/** Stands in for `gh api`, for GitHub itself is not there in a test: the few calls of the workflows, answered from a file. */
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { BOT, REPOSITORY, type Store } from "./github";

const { GH_STORE = "", GH_TOKEN = "" } = process.env;
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    method: { type: "string", default: "GET" },
    jq: { type: "string" },
    field: { type: "string", multiple: true, default: [] },
    "raw-field": { type: "string", multiple: true, default: [] },
    paginate: { type: "boolean" },
    silent: { type: "boolean" },
  },
});

function end(message: string): never {
  process.stderr.write(`gh: ${message}\n`);
  process.exit(1);
}

/** `name=value`; of a field, `@FILE` stands for what is in the file. */
function field(text: string, fromFile: boolean): [string, string] {
  const [, name = "", value = ""] = /^(\w+)=(.*)$/s.exec(text) ?? [];
  return [name, fromFile && value.startsWith("@") ? readFileSync(value.slice(1), "utf8") : value];
}

const body = Object.fromEntries([
  ...values.field.map((text) => field(text, true)),
  ...values["raw-field"].map((text) => field(text, false)),
]) as { title: string; body: string; state?: "closed" };
const store = JSON.parse(readFileSync(GH_STORE, "utf8")) as Store;
const user = { login: BOT };
const nextId = (things: readonly object[]) => things.length + 1;

/** https://docs.github.com/en/rest */
const routes: readonly [string, RegExp, (id: number, query: URLSearchParams) => unknown][] = [
  ["GET", /^issues\/(\d+)\/comments$/, (issue) => store.comments.filter((comment) => comment.issue === issue)],
  [
    "POST",
    /^issues\/(\d+)\/comments$/,
    (issue) => store.comments.push({ id: nextId(store.comments), issue, user, body: body.body }),
  ],
  [
    "PATCH",
    /^issues\/comments\/(\d+)$/,
    (id) => Object.assign(store.comments.find((each) => each.id === id) ?? end("Not Found (HTTP 404)"), body),
  ],
  ["GET", /^issues$/, (_, query) => store.issues.filter(({ state }) => state === query.get("state"))],
  [
    "POST",
    /^issues$/,
    () => store.issues.push({ number: nextId(store.issues), state: "open", user, title: body.title, body: body.body }),
  ],
  [
    "PATCH",
    /^issues\/(\d+)$/,
    (number) => Object.assign(store.issues.find((each) => each.number === number) ?? end("Not Found (HTTP 404)"), body),
  ],
  [
    "GET",
    /^actions\/artifacts$/,
    (_, query) => ({ artifacts: store.artifacts.filter(({ name }) => name === query.get("name")) }),
  ],
  ["GET", /^actions\/runs\/(\d+)$/, (id) => store.runs.find((each) => each.id === id) ?? end("Not Found (HTTP 404)")],
];

const [command, endpoint = ""] = positionals;
if (GH_TOKEN === "") end("To use GitHub CLI in a GitHub Actions workflow, set the GH_TOKEN environment variable");
const url = new URL(endpoint, "https://api.github.example/");
const path = url.pathname.replace(`/repos/${REPOSITORY}/`, "");
const route = routes.find(([method, pattern]) => method === values.method && pattern.test(path));
if (command !== "api" || route === undefined) end(`Not Found (HTTP 404): ${values.method} ${endpoint}`);
const [, pattern, answer] = route;
const answered = answer(Number(pattern.exec(path)?.[1]), url.searchParams);
writeFileSync(GH_STORE, JSON.stringify(store, null, 2));
if (values.silent !== true) {
  const json = JSON.stringify(answered);
  if (values.jq === undefined) process.stdout.write(json);
  else {
    const { status, error } = spawnSync("jq", ["--raw-output", values.jq], {
      input: json,
      stdio: ["pipe", "inherit", "inherit"],
    });
    if (error) end(`${error.message}; the stand-in needs jq, which the real gh has built in`);
    process.exit(status ?? 1);
  }
}
