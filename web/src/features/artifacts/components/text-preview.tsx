import { SegmentedControl } from "@mantine/core";
import { useMemo, useState, type ReactNode } from "react";

import { artifactUrl } from "@/api/artifacts";
import { CodeView } from "@/components/code-view";
import { DataTable } from "@/components/data-table";
import { JsonTree } from "@/components/json-tree";
import { loaded } from "@/components/loaded";
import { Note } from "@/components/note";
import { TableSkeleton } from "@/components/table-skeleton";
import { artifactKind, codeLanguage } from "@/lib/artifact-kind";
import { figureKind, pageOfFigure } from "@/lib/figure-page";
import type { Json } from "@/lib/json-tree";
import { readNotebook } from "@/lib/notebook";
import { csvTable, jsonTable } from "@/lib/table-data";

import { FIGURE_SCRIPTS } from "../figure-scripts";
import classes from "./artifact-browser.module.css";
import { FigureFrame } from "./figure-frame";
import { NotebookView } from "./notebook-view";

const ModelView = loaded(
  async () => (await import("./model-view")).ModelView,
  () => <TableSkeleton rows={6} />,
);

interface TextPreviewProps {
  runId: string;
  path: string;
  name: string;
  text: string;
  /** True if the file goes on. */
  isCut: boolean;
  onPath: (path: string) => void;
}

/** A text as what it is, and as it is written. */
export function TextPreview({ runId, path, name, text, isCut, onPath }: TextPreviewProps) {
  const source = <CodeView label={name} text={text} language={codeLanguage(name)} />;
  switch (artifactKind(name)) {
    case "markdown":
      return (
        <EitherWay
          rich="Reading"
          richView={<Note markdown={text} imageUrl={(url) => imageBeside(runId, path, url)} />}
          source={source}
        />
      );
    case "json":
    case "notebook":
      return isCut ? source : <JsonPreview name={name} text={text} source={source} />;
    case "table":
      return (
        <EitherWay
          rich="Table"
          richView={<CsvPreview name={name} text={text} isCut={isCut} />}
          source={source}
        />
      );
    case "html":
      return (
        <EitherWay rich="Page" richView={<FigureFrame name={name} html={text} />} source={source} />
      );
    case "model":
      return (
        <EitherWay
          rich="Model"
          richView={<ModelView runId={runId} path={path} text={text} onPath={onPath} />}
          source={source}
        />
      );
    default:
      return source;
  }
}

/** Where an image is that a text of a run names, by a path from its own folder. */
function imageBeside(runId: string, path: string, url: string): string {
  if (/^[a-z][a-z\d+.-]*:|^\/\//i.test(url)) return url;
  const { pathname } = new URL(url, `http://run/${path}`);
  return artifactUrl(runId, decodeURIComponent(pathname.slice(1)));
}

function CsvPreview({ name, text, isCut }: { name: string; text: string; isCut: boolean }) {
  const table = useMemo(() => {
    const read = csvTable(text, name);
    // The text of a longer file ends within a row.
    return isCut ? { ...read, rows: read.rows.slice(0, -1), isCut } : read;
  }, [text, name, isCut]);
  return <DataTable label={name} table={table} />;
}

function JsonPreview({ name, text, source }: { name: string; text: string; source: ReactNode }) {
  const parsed = useMemo(() => parseJson(text), [text]);
  if (parsed === null) return source;
  const { rich, view } = jsonView(name, parsed.value);
  return <EitherWay rich={rich} richView={view} source={source} />;
}

function jsonView(name: string, value: Json): { rich: string; view: ReactNode } {
  const cells = readNotebook(value);
  if (cells !== null) return { rich: "Notebook", view: <NotebookView name={name} cells={cells} /> };
  const figure = figureKind(value);
  if (figure !== null) {
    const html = pageOfFigure(value, figure, FIGURE_SCRIPTS);
    return { rich: "Figure", view: <FigureFrame name={name} html={html} /> };
  }
  const table = jsonTable(value);
  if (table !== null) return { rich: "Table", view: <DataTable label={name} table={table} /> };
  return { rich: "Tree", view: <JsonTree label={name} value={value} /> };
}

/** null if the text is no JSON: Python writes bare NaN, for one. It is then shown as it is. */
function parseJson(text: string): { value: Json } | null {
  try {
    return { value: JSON.parse(text) as Json };
  } catch {
    return null;
  }
}

interface EitherWayProps {
  rich: string;
  richView: ReactNode;
  source: ReactNode;
}

function EitherWay({ rich, richView, source }: EitherWayProps) {
  const [view, setView] = useState(rich);
  return (
    <>
      <SegmentedControl
        size="xs"
        className={classes.views ?? ""}
        aria-label="How to show the file"
        value={view}
        data={[rich, "Source"]}
        onChange={setView}
      />
      <div className={classes.view}>{view === rich ? richView : source}</div>
    </>
  );
}
