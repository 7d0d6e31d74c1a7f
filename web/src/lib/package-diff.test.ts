import { expect, it } from "vitest";

import { diffPackages } from "./package-diff";

const packages = (versions: Record<string, string>) =>
  Object.entries(versions).map(([name, version]) => ({ name, version }));

it("names what was added, removed and changed", () => {
  expect(
    diffPackages(
      packages({ Numpy: "1", scipy: "2", same: "3" }),
      packages({ numpy: "2", torch: "4", same: "3" }),
    ),
  ).toEqual([
    { name: "numpy", before: "1", after: "2" },
    { name: "scipy", before: "2", after: "" },
    { name: "torch", before: "", after: "4" },
  ]);
});
