import { formatCount } from "./format";

interface DatasetColumn {
  name: string;
  type: string;
}

/** The columns that a dataset's schema names; none where it is in another form than MLflow's. */
export function datasetColumns(schema: string | null): DatasetColumn[] {
  const columns = parse(schema)["mlflow_colspec"];
  if (!Array.isArray(columns)) return [];
  return columns.map((column: { name?: unknown; type?: unknown }, at) => ({
    name: typeof column.name === "string" ? column.name : `column ${at + 1}`,
    type: typeof column.type === "string" ? column.type : JSON.stringify(column.type),
  }));
}

/** What a dataset's profile counts: `150 rows`. */
export function datasetFacts(profile: string | null): string[] {
  return Object.entries(parse(profile)).flatMap(([name, value]) =>
    typeof value === "number" && name.startsWith("num_")
      ? [`${formatCount(value)} ${name.slice("num_".length)}`]
      : [],
  );
}

/** Both texts are free: whoever logged the dataset wrote them. */
function parse(text: string | null): Record<string, unknown> {
  if (text === null) return {};
  try {
    const value: unknown = JSON.parse(text);
    return value !== null && typeof value === "object" ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
