import { readFileSync } from "node:fs";

import { expect, it } from "vitest";

import { typesOfDocument } from "../../scripts/write-types.mjs";

it("is what docs/openapi.json says; after a change of the API: npm run types", () => {
  const schema = readFileSync(new URL("schema.ts", import.meta.url), "utf8");

  expect(schema).toBe(typesOfDocument());
});
