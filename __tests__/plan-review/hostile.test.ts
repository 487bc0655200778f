/** Whoever names a resource must not write into the comment of the review. */
import fc from "fast-check";
import { costDifference } from "../../src/commands/priced";
import { billOf } from "../../src/cost/bill";
import { bookOf } from "../../src/cost/prices/price-book";
import { billTable, notes, styles } from "../../src/cost/render";
import { environments } from "../../src/config/environments";
import { markdown } from "../../src/plan-review/markdown";
import { review } from "../../src/plan-review/review";
import { terminal } from "../../src/plan-review/terminal";
import { resourceTypes, reviewTables } from "../../src/resources/tables";
import { readPlan } from "../../src/terraform/plan";
import type { PlanJson } from "../../src/terraform/plan-json";
import { RUNS } from "../any-settings";
import { hostile, markup } from "../markdown-text";

const kinds = [["create"], ["update"], ["delete"], ["delete", "create"], ["forget"], ["no-op"]];
const type = fc.constantFrom("aws_lb", "aws_instance", "aws_autoscaling_group", "aws_eip", "aws_subnet", "aws_made_up");

/** A plan that has hostile text wherever a plan has text. */
const plan: fc.Arbitrary<PlanJson> = fc
  .record({
    resources: fc.array(
      fc.record({ type, key: hostile, was: hostile, is: hostile, actions: fc.constantFrom(...kinds), more: hostile }),
      { maxLength: 4 },
    ),
    text: hostile,
    value: hostile,
  })
  .map(({ resources, text, value }): PlanJson => {
    const valuesOf = (text: string) => ({
      ...{
        name: text,
        tags: { Name: text },
        public_ip: text,
        cidr_block: text,
        instance_type: "t3.micro",
        [text]: text,
      },
      root_block_device: [{ volume_size: 8, volume_type: "gp3" }],
    });
    return {
      configuration: { provider_config: { aws: { expressions: { region: { constant_value: "ap-south-1" } } } } },
      complete: false,
      planned_values: {
        outputs: { [text]: { value: "DB_PASSWORD=correct-horse" } },
        root_module: {
          resources: resources.map(({ type, key, is }) => ({
            ...{ address: `${type}.x["${key}"]`, type, mode: "managed", values: valuesOf(is) },
          })),
        },
      },
      resource_changes: resources.map(({ type, key, was, is, actions, more }) => ({
        address: `${type}.x["${key}"]`,
        type,
        action_reason: more,
        previous_address: more,
        change: {
          actions,
          replace_paths: [[more, 0]],
          before: actions[0] === "create" ? null : valuesOf(was),
          after: ["delete", "forget"].includes(actions[0] ?? "") ? null : valuesOf(is),
        },
      })),
      resource_drift: resources.map(({ type, key, was, is }) => ({
        address: `${type}.x["${key}"]`,
        change: { actions: ["update"], before: { [was]: was }, after: { [was]: is } },
      })),
      output_changes: { [text]: { actions: ["update"], before: text, after: value } },
      checks: [{ address: { to_display: text }, status: "fail" }],
      deferred_changes: [
        {
          reason: value,
          resource_change: { address: text, type: value, change: { actions: [], before: null, after: null } },
        },
      ],
    };
  });

test("nothing from a plan mentions anybody, links anywhere or makes HTML, in any place of the comment", () => {
  fc.assert(
    fc.property(plan, (json) => {
      const read = readPlan(json);
      const result = review(read, { 'aws_lb.x[""]': "a`b @octocat" }, [], "2026-11-23", reviewTables);
      expect(markup(markdown(result, costDifference(read)))).toEqual([]);
    }),
    { numRuns: RUNS * 5 },
  );
});

test("nothing from a plan commands a terminal, or writes lines of its own", () => {
  fc.assert(
    fc.property(plan, (json) => {
      const read = readPlan(json);
      const result = review(read, {}, [], "2026-11-23", reviewTables);
      const text = terminal(result, { colour: false, width: Infinity }, costDifference(read));
      expect(text).not.toMatch(/(?!\n)\p{Cc}|[\u2028\u202e]/u);
    }),
    { numRuns: RUNS * 5 },
  );
});

test("nor in the Markdown of a bill", () => {
  fc.assert(
    fc.property(plan, hostile, (json, name) => {
      const { usage } = environments.production;
      const bill = billOf(readPlan(json).after, usage, bookOf, resourceTypes);
      const { markdown: style } = styles;
      if (style === undefined) throw new Error("no Markdown");
      const own = "`npm run cost -- --refresh`";
      const text = [
        style.table(billTable(bill)),
        "",
        ...notes(
          [
            { name, bill },
            { name, bill },
          ],
          usage,
          "2026-01-01",
          style,
        ),
      ];
      expect(markup(text.join("\n").replaceAll(own, ""))).toEqual([]);
    }),
    { numRuns: RUNS * 5 },
  );
});
