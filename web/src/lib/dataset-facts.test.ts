import { describe, expect, it } from "vitest";

import { datasetColumns, datasetFacts } from "./dataset-facts";

describe("datasetColumns", () => {
  it("reads MLflow's schema", () => {
    const schema = '{"mlflow_colspec": [{"type": "long", "name": "age"}, {"type": "double"}]}';

    expect(datasetColumns(schema)).toEqual([
      { name: "age", type: "long" },
      { name: "column 2", type: "double" },
    ]);
  });

  it.each([null, "not JSON", "[]", '{"other": 1}'])("finds no columns in %s", (schema) => {
    expect(datasetColumns(schema)).toEqual([]);
  });
});

it("counts what the profile counts", () => {
  expect(datasetFacts('{"num_rows": 1500, "num_elements": 3000, "mean": 2}')).toEqual([
    "1,500 rows",
    "3,000 elements",
  ]);
});
