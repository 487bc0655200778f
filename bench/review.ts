/** `npm run bench:review`: the CPU time of reviewing large plans, beside that of parsing their JSON. */
import { fixture } from "../__tests__/fixtures/plans";
import { markdown } from "../src/plan-review/markdown";
import { review } from "../src/plan-review/review";
import { reviewTables } from "../src/resources/tables";
import { readPlan } from "../src/terraform/plan";
import type { PlanJson } from "../src/terraform/plan-json";

const RUNS = 5;
const SIZES = [500, 1000, 2000];

/** Updates of the reference deployment's resources again and again, each with a secret of its own and user data. */
function planOf(updates: number): string {
  const { plan } = fixture("first-deploy");
  const deployed = (plan.planned_values?.root_module?.resources ?? []).filter(({ mode }) => mode === "managed");
  const resources = Array.from({ length: updates }, (_, index) => {
    const { type, values } = deployed[index % deployed.length] ?? { type: "aws_vpc", values: {} };
    const script = `#!/bin/sh\necho ${String(index)}\n`.repeat(50);
    return {
      address: `${type}.x${String(index)}`,
      type,
      mode: "managed",
      values: {
        ...values,
        id: `id-${String(index)}`,
        password: `correct-horse-${String(index)}`,
        user_data: Buffer.from(script).toString("base64"),
      },
    };
  });
  const resource_changes = resources.map(({ values, ...resource }) => ({
    ...resource,
    change: { actions: ["update"], before: { ...values, description: "a" }, after: { ...values, description: "b" } },
  }));
  return JSON.stringify({ ...plan, planned_values: { root_module: { resources } }, resource_changes });
}

function cpuSeconds(work: () => unknown): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;

for (const updates of SIZES) {
  const text = planOf(updates);
  const [parsed, reviewed]: [number[], number[]] = [[], []];
  for (let run = 0; run < RUNS; run++) {
    parsed.push(cpuSeconds(() => JSON.parse(text) as unknown));
    reviewed.push(
      cpuSeconds(() => markdown(review(readPlan(JSON.parse(text) as PlanJson), {}, [], "2026-01-01", reviewTables))),
    );
  }
  process.stdout.write(
    `${String(updates).padStart(5)} updates: ${median(reviewed).toFixed(2)} s of CPU, ` +
      `${(median(reviewed) / median(parsed)).toFixed(0)} times the parsing of its JSON\n`,
  );
}
