/** A Jupyter notebook (nbformat 4), as far as it is read here. */

export type NotebookOutput =
  | { kind: "text"; text: string; isError: boolean }
  | { kind: "image"; url: string }
  | { kind: "html"; html: string }
  | { kind: "figure"; document: unknown };

export interface NotebookCell {
  kind: "markdown" | "code" | "raw";
  source: string;
  /** In which order it was run; null if it was not. */
  count: number | null;
  outputs: NotebookOutput[];
}

type Fields = Record<string, unknown>;

const IMAGES = ["image/png", "image/jpeg", "image/gif"];
const FIGURE = /^application\/vnd\.(?:plotly|vega|vegalite)[\w.]*\+json$/;

/** The cells of a notebook, or null if the document is none. */
export function readNotebook(document: unknown): NotebookCell[] | null {
  const { cells, nbformat } = fields(document);
  if (!Array.isArray(cells) || typeof nbformat !== "number") return null;
  return cells.map((one: unknown) => {
    const cell = fields(one);
    const kind = cell["cell_type"];
    const outputs = Array.isArray(cell["outputs"]) ? cell["outputs"] : [];
    return {
      kind: kind === "markdown" || kind === "raw" ? kind : "code",
      source: joined(cell["source"]),
      count: typeof cell["execution_count"] === "number" ? cell["execution_count"] : null,
      outputs: outputs.flatMap(readOutput),
    };
  });
}

function readOutput(one: unknown): NotebookOutput[] {
  const output = fields(one);
  if (output["output_type"] === "stream") {
    return [{ kind: "text", text: joined(output["text"]), isError: output["name"] === "stderr" }];
  }
  if (output["output_type"] === "error") {
    const traceback = Array.isArray(output["traceback"]) ? output["traceback"].join("\n") : "";
    const short = `${joined(output["ename"])}: ${joined(output["evalue"])}`;
    return [{ kind: "text", text: traceback || short, isError: true }];
  }
  const data = fields(output["data"]);
  const figure = Object.entries(data).find(([type]) => FIGURE.test(type));
  if (figure !== undefined) return [{ kind: "figure", document: figure[1] }];
  const image = IMAGES.find((type) => type in data);
  if (image !== undefined) {
    return [
      { kind: "image", url: `data:${image};base64,${joined(data[image]).replaceAll(/\s/g, "")}` },
    ];
  }
  if ("image/svg+xml" in data) {
    return [
      {
        kind: "image",
        url: `data:image/svg+xml,${encodeURIComponent(joined(data["image/svg+xml"]))}`,
      },
    ];
  }
  if ("text/html" in data) return [{ kind: "html", html: joined(data["text/html"]) }];
  const text = joined(data["text/plain"]);
  return text === "" ? [] : [{ kind: "text", text, isError: false }];
}

/** nbformat keeps texts whole or as a list of lines. */
function joined(text: unknown): string {
  if (Array.isArray(text)) return text.join("");
  return typeof text === "string" ? text : "";
}

function fields(value: unknown): Fields {
  return value !== null && typeof value === "object" ? (value as Fields) : {};
}
