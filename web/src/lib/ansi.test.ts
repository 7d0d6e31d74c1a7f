import { expect, it } from "vitest";

import { parseAnsi, stripAnsi } from "./ansi";

it("splits a line where the style changes", () => {
  const stretches = parseAnsi("plain \u001b[1;31mred and bold\u001b[0m plain again");

  expect(stretches.map(({ text, color, isBold }) => [text, color, isBold])).toEqual([
    ["plain ", null, false],
    ["red and bold", 1, true],
    [" plain again", null, false],
  ]);
});

it("reads bright, 256 and 24-bit colours", () => {
  const colors = parseAnsi("\u001b[92ma\u001b[38;5;196mb\u001b[38;2;1;2;3mc\u001b[48;5;240md").map(
    ({ color, background }) => [color, background],
  );

  expect(colors).toEqual([
    [10, null],
    ["rgb(255 0 0)", null],
    ["rgb(1 2 3)", null],
    ["rgb(1 2 3)", "rgb(88 88 88)"],
  ]);
});

it("leaves out what moves the cursor, and titles", () => {
  expect(stripAnsi("\u001b]0;title\u0007\u001b[2K\u001b[1Gdone \u001b[32mok\u001b[m")).toBe(
    "done ok",
  );
  expect(parseAnsi("")).toEqual([]);
});
