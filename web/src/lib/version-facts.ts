/** Versions of a model side by side. */

import { modelFacts } from "./mlmodel";
import { parseRequirements } from "./requirements";

export interface ComparedVersion {
  metrics: Readonly<Record<string, number>>;
  params: Readonly<Record<string, string>>;
  /** The MLmodel file, read as YAML; null where there is none. */
  model: unknown;
  /** The text of requirements.txt, "" where there is none. */
  requirements: string;
}

export interface ComparedRow {
  part: "metric" | "param" | "inputs" | "outputs" | "package" | "model";
  key: string;
  /** One of each version; "" where it has none. */
  values: (string | number)[];
  differs: boolean;
}

const SIZE = "Bytes";

/** A row for each thing that any of the versions has. */
export function versionRows(versions: readonly ComparedVersion[]): ComparedRow[] {
  const facts = versions.map(({ model }) => modelFacts(model ?? {}, []));
  const columns = (part: "inputs" | "outputs") =>
    facts.map(({ signature }) =>
      Object.fromEntries(
        (signature.find(({ title }) => title === part)?.columns ?? []).map(
          ({ name, type, isRequired }) => [name, isRequired ? type : `${type}, optional`],
        ),
      ),
    );
  const packages = versions.map(({ requirements }) =>
    Object.fromEntries(parseRequirements(requirements).map(({ name, version }) => [name, version])),
  );
  const sizes = facts.map((one) =>
    Object.fromEntries(
      one.facts.filter(({ key }) => key === SIZE).map(({ value }) => ["size in bytes", value]),
    ),
  );
  const flavors = facts.map((one) => ({ flavors: one.flavors.map(({ name }) => name).join(", ") }));
  return [
    ...rowsOf(
      "metric",
      versions.map(({ metrics }) => metrics),
    ),
    ...rowsOf(
      "param",
      versions.map(({ params }) => params),
    ),
    ...rowsOf("inputs", columns("inputs")),
    ...rowsOf("outputs", columns("outputs")),
    ...rowsOf("package", packages),
    ...rowsOf("model", sizes),
    ...rowsOf("model", flavors),
  ];
}

function rowsOf(
  part: ComparedRow["part"],
  all: readonly Readonly<Record<string, string | number>>[],
): ComparedRow[] {
  const keys = [...new Set(all.flatMap((one) => Object.keys(one)))];
  return keys.map((key) => {
    const values = all.map((one) => one[key] ?? "");
    return { part, key, values, differs: new Set(values).size > 1 };
  });
}
