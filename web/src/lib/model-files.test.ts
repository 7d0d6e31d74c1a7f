import { expect, it } from "vitest";

import { manifestFiles, pickleNames, provenanceFacts, signerOf } from "./model-files";

const signed = (verificationMaterial: object) => signerOf(JSON.stringify({ verificationMaterial }));

it("reads the files of a manifest, and leaves out what is none", () => {
  const files = [{ path: "model.skops", size_bytes: 10, sha256: "ab" }, { path: 3 }];

  expect(manifestFiles(JSON.stringify({ version: 1, files }))).toEqual([
    { path: "model.skops", sizeBytes: 10, sha256: "ab" },
  ]);
});

it.each(["", "{", "[]", '{"files": 3}'])("takes %j for no manifest", (text) => {
  expect(manifestFiles(text)).toBeNull();
});

it("names what may hold a pickle", () => {
  expect(pickleNames(["model.skops", "python_model.pkl", "data/model.PTH"])).toEqual([
    "python_model.pkl",
    "data/model.PTH",
  ]);
});

it("says whose key signed, or that a certificate did", () => {
  expect(signed({ publicKey: { hint: "a1" } })).toBe("key a1");
  expect(signed({ certificate: {} })).toBe("a certificate");
  expect(signerOf("")).toBe("");
});

it("reads commit, data and packages from a statement of provenance", () => {
  const predicate = {
    buildDefinition: {
      externalParameters: { entryPoint: "train.py" },
      resolvedDependencies: [
        {
          digest: { gitCommit: "c0ffee" },
          name: "source",
          uri: "git+https://example.org/a.git",
          annotations: { uncommittedChanges: true },
        },
        { name: "samples", digest: { fluvialDataset: "d1" } },
        { uri: "pkg:pypi/numpy@2.4.0" },
      ],
    },
    runDetails: { metadata: { finishedOn: "2026-06-01T00:00:00Z" } },
  };

  expect(provenanceFacts(JSON.stringify({ predicate }))).toEqual([
    { key: "Commit", value: "c0ffee" },
    { key: "Uncommitted changes", value: "yes" },
    { key: "Repository", value: "git+https://example.org/a.git" },
    { key: "Program", value: "train.py" },
    { key: "Datasets", value: "samples" },
    { key: "Packages", value: "1" },
    { key: "Saved (UTC)", value: "2026-06-01T00:00:00Z" },
  ]);
  expect(provenanceFacts("")).toEqual([]);
});
