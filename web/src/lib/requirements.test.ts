import { expect, it } from "vitest";

import { parseRequirements, requirementsHead } from "./requirements";

const LOCK = `# CPython 3.11.4 on Linux-6.1
numpy==2.5.1
my-lib @ git+https://host/my-lib@abc
# a comment
-e .
`;

it("reads names with versions or origins", () => {
  expect(parseRequirements(LOCK)).toEqual([
    { name: "numpy", version: "2.5.1" },
    { name: "my-lib", version: "git+https://host/my-lib@abc" },
  ]);
  expect(requirementsHead(LOCK)).toBe("CPython 3.11.4 on Linux-6.1");
});
