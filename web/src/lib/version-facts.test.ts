import { expect, it } from "vitest";

import { versionRows } from "./version-facts";

const version = (auc: number, depth: string, column: string, sklearn: string) => ({
  metrics: { auc },
  params: { depth },
  model: {
    signature: { inputs: JSON.stringify([{ name: column, type: "double", required: true }]) },
    flavors: { sklearn: {} },
  },
  requirements: `scikit-learn==${sklearn}\nnumpy==2.0\n`,
});

it("marks what differs between versions, and says what one of them lacks", () => {
  const rows = versionRows([version(0.8, "3", "age", "1.5"), version(0.9, "3", "years", "1.6")]);

  expect(rows.map(({ part, key, values, differs }) => [part, key, values, differs])).toEqual([
    ["metric", "auc", [0.8, 0.9], true],
    ["param", "depth", ["3", "3"], false],
    ["inputs", "age", ["double", ""], true],
    ["inputs", "years", ["", "double"], true],
    ["package", "scikit-learn", ["1.5", "1.6"], true],
    ["package", "numpy", ["2.0", "2.0"], false],
    ["model", "flavors", ["sklearn", "sklearn"], false],
  ]);
});
