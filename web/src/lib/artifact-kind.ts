export type ArtifactKind =
  | "image"
  | "audio"
  | "video"
  | "pdf"
  | "markdown"
  | "json"
  | "notebook"
  | "table"
  | "parquet"
  | "html"
  | "model"
  | "code"
  | "text"
  | "other";

const KINDS: Record<Exclude<ArtifactKind, "other" | "model">, string[]> = {
  image: ["png", "jpg", "jpeg", "gif", "webp", "svg", "bmp", "avif"],
  audio: ["wav", "mp3", "ogg", "oga", "flac", "m4a", "opus"],
  video: ["mp4", "webm", "ogv", "mov", "m4v"],
  pdf: ["pdf"],
  markdown: ["md", "markdown"],
  json: ["json", "geojson"],
  notebook: ["ipynb"],
  table: ["csv", "tsv"],
  parquet: ["parquet", "pq"],
  html: ["html", "htm"],
  // prettier-ignore
  code: [
    "py", "pyi", "yaml", "yml", "toml", "ini", "cfg", "sh", "sql", "js", "ts", "tsx", "css", "r", "jl",
    "java", "c", "cpp", "h", "go", "rs", "xml", "dockerfile",
  ],
  text: ["txt", "log", "rst", "env", "lock", "jsonl", "ndjson", "mlproject", "diff", "patch"],
};

const KIND_BY_ENDING = new Map(
  Object.entries(KINDS).flatMap(([kind, endings]) =>
    endings.map((one) => [one, kind as ArtifactKind]),
  ),
);

const NAMED: Record<string, ArtifactKind> = { MLmodel: "model", Makefile: "code", LICENSE: "text" };

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
