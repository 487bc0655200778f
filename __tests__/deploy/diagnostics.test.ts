import { diagnosticsIn } from "../../src/deploy/diagnostics";

const WARNING = "╷\n│ Warning: Deprecated attribute\n│ \n│   on cdk.tf.json line 3\n╵";
const ERROR = "╷\n│ Error: no such bucket\n│ \n│   with aws_s3_bucket.x,\n╵";
const warning = "│ Warning: Deprecated attribute\n│   on cdk.tf.json line 3";
const error = "│ Error: no such bucket\n│   with aws_s3_bucket.x,";

test.each<[string, string, string[]]>([
  ["an error after warnings", `Refreshing\n${WARNING}\n${ERROR}\n`, [error, warning]],
  ["a warning after an error, twice", `${ERROR}\n${WARNING}\n${WARNING}\n`, [error, warning]],
  [
    "two errors",
    `${ERROR}\n${WARNING}\n${ERROR.replace("bucket\n", "role\n")}`,
    [error, error.replace("bucket\n", "role\n"), warning],
  ],
  [
    "in colours",
    `\x1b[33m${WARNING}\x1b[0m\n\x1b[31m╷\x1b[0m\x1b[0m\n\x1b[31m│\x1b[0m \x1b[1mError: no\x1b[0m\n\x1b[31m╵\x1b[0m`,
    ["│ Error: no", warning],
  ],
  [
    "with a stack's name before it, as cdktf prints it",
    `production  ╷\n            │ Warning: Old\n            ╵\nproduction  aws_lb.x: Creating...\nproduction  ╷\n            │ Error: no\n            ╵\n`,
    ["│ Error: no", "│ Warning: Old"],
  ],
  [
    "without colours, and so without boxes",
    "aws_vpc.x: Refreshing state...\n\nWarning: Old\n\n  on cdk.tf.json line 3\n\nError: no such bucket\n\n  with aws_s3_bucket.x,\n",
    ["│ Error: no such bucket\n│   with aws_s3_bucket.x,", "│ Warning: Old\n│   on cdk.tf.json line 3"],
  ],
  ["no error", `one\ntwo\n${WARNING}\nthree\n`, ["one", "two", "three", warning]],
  ["nothing", "", []],
])("%s: the errors first, each warning once", (_, output, lines) => expect(diagnosticsIn(output)).toEqual(lines));
