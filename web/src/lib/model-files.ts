/** What the files that fluvial writes beside a model say: manifest, provenance, environment, signature. */

export interface ModelFile {
  path: string;
  sizeBytes: number;
  sha256: string;
}

export interface Fact {
  key: string;
  value: string;
}

type Fields = Record<string, unknown>;

const PICKLES = /\.(?:pkl|pickle|joblib|cloudpickle|dill|pt|pth)$/i;

/** The files of `manifest.json`; null where there is no manifest, or one of another form. */
export function manifestFiles(text: string): ModelFile[] | null {
  const { files } = fields(readJson(text));
  if (!Array.isArray(files)) return null;
  return files.flatMap((one: unknown) => {
    const { path, size_bytes: size, sha256 } = fields(one);
    return typeof path === "string" && typeof size === "number" && typeof sha256 === "string"
      ? [{ path, sizeBytes: size, sha256 }]
      : [];
  });
}

/** Files that by their name may hold a pickle, which runs code when it is loaded. */
export function pickleNames(paths: readonly string[]): string[] {
  return paths.filter((path) => PICKLES.test(path));
}

/** Who signed a `manifest.sigstore.json`: the hint of a key, "a certificate"; "" where nobody did. */
export function signerOf(text: string): string {
  const material = fields(fields(readJson(text))["verificationMaterial"]);
  const { hint } = fields(material["publicKey"]);
  if (typeof hint === "string") return `key ${hint}`;
  return Object.keys(material).length === 0 ? "" : "a certificate";
}

/** What a statement of provenance in SLSA's form says; nothing where it is none. */
export function provenanceFacts(text: string): Fact[] {
  const predicate = fields(fields(readJson(text))["predicate"]);
  const build = fields(predicate["buildDefinition"]);
  const listed = build["resolvedDependencies"];
  const dependencies = (Array.isArray(listed) ? listed : []).map((one: unknown) => fields(one));
  const source = dependencies.find(({ digest }) => "gitCommit" in fields(digest)) ?? {};
  const datasets = dependencies.filter(({ digest }) => "fluvialDataset" in fields(digest));
  const packages = dependencies.filter(({ uri }) => words(uri).startsWith("pkg:"));
  const isDirty = fields(source["annotations"])["uncommittedChanges"] === true;
  const facts: [key: string, value: unknown][] = [
    ["Commit", fields(source["digest"])["gitCommit"]],
    ["Uncommitted changes", isDirty ? "yes" : undefined],
    ["Repository", source["uri"]],
    ["Program", fields(build["externalParameters"])["entryPoint"]],
    ["Datasets", datasets.map(({ name }) => words(name)).join(", ")],
    ["Packages", packages.length === 0 ? undefined : String(packages.length)],
    ["Saved (UTC)", fields(fields(predicate["runDetails"])["metadata"])["finishedOn"]],
  ];
  return facts.flatMap(([key, value]) =>
    typeof value === "string" && value !== "" ? [{ key, value }] : [],
  );
}

function words(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function fields(value: unknown): Fields {
  return value !== null && typeof value === "object" && !Array.isArray(value)
    ? (value as Fields)
    : {};
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null; // not as fluvial writes it: it says nothing
  }
}
