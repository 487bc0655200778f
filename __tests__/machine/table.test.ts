import { columns } from "../../src/machine/table";

test("a column is as wide as its widest cell, two spaces from the next, and no line ends with spaces", () => {
  expect(
    columns([
      ["vpc", "1", ""],
      ["subnet", "22", "b"],
    ]),
  ).toBe("vpc     1\nsubnet  22  b");
});

test("numbers are aligned to the right, and a table can be indented", () => {
  expect(
    columns(
      [
        ["nat", "9.5"],
        ["eip", "10.0"],
      ],
      { indent: 2, right: [1] },
    ),
  ).toBe("  nat   9.5\n  eip  10.0");
});

test("a least width lines tables up with one another, and cuts nothing off", () => {
  expect(columns([["0:01:00", "x"]], { right: [0], least: [9] })).toBe("  0:01:00  x");
  expect(columns([["8760:00:00", "x"]], { right: [0], least: [9] })).toBe("8760:00:00  x");
});

test("no rows are no text", () => {
  expect(columns([])).toBe("");
});
