import { expect, it } from "vitest";
import { parse } from "yaml";

import { modelFacts } from "./mlmodel";

const MLMODEL = `
artifact_path: model
flavors:
  python_function: {loader_module: mlflow.sklearn, python_version: 3.11.4}
  sklearn: {sklearn_version: 1.5.0}
mlflow_version: 3.1.0
model_uuid: abc
signature:
  inputs: '[{"type": "double", "name": "age", "required": false}]'
  outputs: '[{"type": "tensor", "tensor-spec": {"dtype": "int64", "shape": [-1]}}]'
  params: null
`;

it("tells flavors, signature and environment", () => {
  const facts = modelFacts(parse(MLMODEL), ["MLmodel", "requirements.txt", "model.pkl"]);

  expect(facts.flavors.map(({ name }) => name)).toEqual(["python_function", "sklearn"]);
  expect(facts.signature).toEqual([
    { title: "inputs", columns: [{ name: "age", type: "double", isRequired: false }] },
    { title: "outputs", columns: [{ name: "column 1", type: "int64 (-1)", isRequired: true }] },
  ]);
  expect(facts.environment).toEqual(["requirements.txt"]);
  expect(facts.facts).toContainEqual({ key: "Written by MLflow", value: "3.1.0" });
});

it("makes nothing of a file that is something else", () => {
  expect(modelFacts("just words", []).flavors).toEqual([]);
  expect(modelFacts({ signature: { inputs: "{" } }, []).signature).toEqual([]);
});
