/** What an MLmodel file says of a model. */

export interface ModelColumn {
  name: string;
  type: string;
  isRequired: boolean;
}

export interface ModelFacts {
  facts: { key: string; value: string }[];
  flavors: { name: string; facts: { key: string; value: string }[] }[];
  signature: { title: string; columns: ModelColumn[] }[];
  /** Files beside it that say in what environment it runs. */
  environment: string[];
}

type Fields = Record<string, unknown>;

const FACTS: [field: string, title: string][] = [
  ["model_id", "Model id"],
  ["model_uuid", "Model uuid"],
  ["run_id", "Run"],
  ["utc_time_created", "Created (UTC)"],
  ["mlflow_version", "Written by MLflow"],
  ["model_size_bytes", "Bytes"],
];
const ENVIRONMENT_FILES = ["requirements.txt", "conda.yaml", "python_env.yaml"];

/** @param document The file, read as YAML. */
export function modelFacts(document: unknown, siblings: readonly string[]): ModelFacts {
  const model = fields(document);
  return {
    facts: FACTS.flatMap(([field, title]) => {
      const value = model[field];
      return value === undefined || value === null ? [] : [{ key: title, value: text(value) }];
    }),
    flavors: Object.entries(fields(model["flavors"])).map(([name, flavor]) => ({
      name,
      facts: Object.entries(fields(flavor)).map(([key, value]) => ({ key, value: text(value) })),
    })),
    signature: ["inputs", "outputs", "params"].flatMap((part) => {
      const columns = columnsOf(fields(model["signature"])[part]);
      return columns.length === 0 ? [] : [{ title: part, columns }];
    }),
    environment: ENVIRONMENT_FILES.filter((name) => siblings.includes(name)),
  };
}

/** The columns of a schema, which the file keeps as JSON within YAML. */
function columnsOf(schema: unknown): ModelColumn[] {
  if (typeof schema !== "string") return [];
  let columns: unknown;
  try {
    columns = JSON.parse(schema);
  } catch {
    return [];
  }
  if (!Array.isArray(columns)) return [];
  return columns.map((column: unknown, at) => {
    const { name, type, required, dtype, shape } = fields(column);
    const tensor = fields(fields(column)["tensor-spec"]);
    const kind = type === "tensor" ? tensor["dtype"] : (type ?? dtype);
    const size = type === "tensor" ? tensor["shape"] : shape;
    return {
      name: typeof name === "string" ? name : `column ${at + 1}`,
      type: `${text(kind ?? "?")}${Array.isArray(size) ? ` (${size.join(", ")})` : ""}`,
      isRequired: required !== false,
    };
  });
}

function fields(value: unknown): Fields {
  return value !== null && typeof value === "object" && !Array.isArray(value)
    ? (value as Fields)
    : {};
}

function text(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
