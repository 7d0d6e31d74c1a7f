import { expect, it } from "vitest";

import { artifactKind, codeLanguage } from "./artifact-kind";

it.each([
  ["roc.PNG", "image"],
  ["notes.md", "markdown"],
  ["model.json", "json"],
  ["predictions.csv", "table"],
  ["report.html", "html"],
  ["MLmodel", "model"],
  ["data.parquet", "parquet"],
  ["clip.mp4", "video"],
  ["Dockerfile", "code"],
  ["train.log", "text"],
  ["model.pkl", "other"],
  ["noending", "other"],
])("shows %s as %s", (name, kind) => {
  expect(artifactKind(name)).toBe(kind);
});

it("reads MLmodel as YAML", () => {
  expect(["MLmodel", "conda.yaml", "a.py", "a.txt"].map(codeLanguage)).toEqual([
    "yaml",
    "yaml",
    "python",
    "text",
  ]);
});
