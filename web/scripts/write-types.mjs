/**
 * Writes src/api/schema.ts from docs/openapi.json: an interface for each message of the REST API.
 *
 * openapi-typescript would do, but needs TypeScript 5 for its parser; the server's document uses a
 * small part of JSON Schema, which is all that is read here. Anything else is an error.
 */

import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const DOCUMENT = new URL("../../docs/openapi.json", import.meta.url);
const SCHEMA = new URL("../src/api/schema.ts", import.meta.url);

/**
 * @typedef {object} Schema
 * @property {string} [$ref]
 * @property {string} [type]
 * @property {string[]} [enum]
 * @property {Schema[]} [anyOf]
 * @property {Schema} [items]
 * @property {Record<string, Schema>} [properties]
 * @property {string[]} [required]
 * @property {string} [description]
 */

/** @returns {string} What schema.ts should hold. */
export function typesOfDocument() {
  /** @type {{ components: { schemas: Record<string, Schema> } }} */
  const document = JSON.parse(readFileSync(DOCUMENT, "utf8"));
  const schemas = Object.entries(document.components.schemas).sort(([a], [b]) => (a < b ? -1 : 1));
  const head = "// Written by `npm run types` from docs/openapi.json.\n";
  return [head, ...schemas.map(([name, schema]) => declaration(name, schema))].join("\n");
}

/** @type {(name: string, schema: Schema) => string} */
function declaration(name, schema) {
  if (schema.enum) return `${comment(schema, "")}export type ${name} = ${typeOf(schema)};\n`;
  const required = new Set(schema.required);
  const fields = Object.entries(schema.properties ?? {}).map(
    ([field, value]) =>
      `${comment(value, "  ")}  ${field}${required.has(field) ? "" : "?"}: ${typeOf(value)};\n`,
  );
  return `${comment(schema, "")}export interface ${name} {\n${fields.join("")}}\n`;
}

/** @type {(schema: Schema) => string} */
function typeOf(schema) {
  if (schema.$ref !== undefined) return schema.$ref.slice(schema.$ref.lastIndexOf("/") + 1);
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  if (schema.anyOf) return schema.anyOf.map(typeOf).join(" | ");
  switch (schema.type) {
    case "string":
    case "boolean":
      return schema.type;
    case "integer":
    case "number":
      return "number";
    case "object":
      return "Record<string, unknown>";
    case "array":
      return `(${typeOf(schema.items ?? {})})[]`;
    default:
      return Object.keys(schema).every((key) => key === "description" || key === "default")
        ? "unknown"
        : unreadable(schema);
  }
}

/** @type {(schema: Schema) => never} */
function unreadable(schema) {
  throw new Error(`This part of JSON Schema is not read here: ${JSON.stringify(schema)}`);
}

/** @type {(schema: Schema, indent: string) => string} */
function comment(schema, indent) {
  return schema.description === undefined ? "" : `${indent}/** ${schema.description} */\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(SCHEMA, typesOfDocument());
