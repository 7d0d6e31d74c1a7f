import { expect, it } from "vitest";

import { lineOfRefusal } from "./policy-refusal";

const TEXT = `guards:
  - {alias: champion, approvals: 1}
  - alias: challenger
    approvals: many
gates:
  floor: {metric: auc, least: 0.8}
  runs elsewhere: {evidence: environment}
`;

it.each([
  [
    'while parsing a block\n  in "<s>", line 1, column 1\n expected\n  in "<s>", line 3, column 5',
    3,
  ],
  ["Object contains unknown field `least` - at `$.gates[...]`.", 6],
  ["The gate 'floor' lets everything pass: give it min, max or against.", 6],
  ["A guard asks for the gate 'runs elsewhere', which is not there.", 7],
  ["Expected `int`, got `str` - at `$.guards[1].approvals`.", 4],
  ["Expected `float`, got `str` - at `$.gates[...].min`.", 6],
  ["A guard names one place: alias, stage or state.", null],
])("finds the line of %j", (message, line) => {
  expect(lineOfRefusal(TEXT, message)).toBe(line);
});
