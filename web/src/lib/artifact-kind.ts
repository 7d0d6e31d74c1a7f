export type ArtifactKind =
  "image" | "markdown" | "json" | "table" | "html" | "code" | "text" | "other";

const KINDS: Record<Exclude<ArtifactKind, "other">, string[]> = {
  image: ["png", "jpg", "jpeg", "gif", "webp", "svg", "bmp", "avif"],
  markdown: ["md", "markdown"],
  json: ["json", "geojson", "ipynb"],
  table: ["csv", "tsv"],
  html: ["html", "htm"],
  code: ["py", "yaml", "yml", "toml", "ini", "cfg", "sh", "sql", "js", "ts", "r", "dockerfile"],
  text: ["txt", "log", "rst", "env", "lock", "jsonl", "mlproject"],
};

const KIND_BY_ENDING = new Map(
  Object.entries(KINDS).flatMap(([kind, endings]) =>
    endings.map((one) => [one, kind as ArtifactKind]),
  ),
);

const NAMED: Record<string, ArtifactKind> = { MLmodel: "code", Makefile: "code", LICENSE: "text" };

/** How a file can be shown, by its name. */
export function artifactKind(name: string): ArtifactKind {
  return NAMED[name] ?? KIND_BY_ENDING.get(ending(name)) ?? "other";
}

export type CodeLanguage = "json" | "yaml" | "python" | "text";

export function codeLanguage(name: string): CodeLanguage {
  const last = ending(name);
  if (name === "MLmodel" || last === "yaml" || last === "yml") return "yaml";
  if (last === "py") return "python";
  return last === "json" || last === "ipynb" ? "json" : "text";
}

function ending(name: string): string {
  return name.slice(name.lastIndexOf(".") + 1).toLowerCase();
}
