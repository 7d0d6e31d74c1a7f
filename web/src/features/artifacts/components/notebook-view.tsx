import { AnsiText } from "@/components/ansi-text";
import { Note } from "@/components/note";
import { figureKind, pageOfFigure } from "@/lib/figure-page";
import type { NotebookCell, NotebookOutput } from "@/lib/notebook";

import { FIGURE_SCRIPTS } from "../figure-scripts";
import { FigureFrame } from "./figure-frame";
import classes from "./notebook-view.module.css";

/** Cells beyond these are left to the download: each may hold a frame. */
const MAX_CELLS = 300;

/** A notebook to read; what it holds of pages and scripts runs in frames of their own. */
export function NotebookView({ name, cells }: { name: string; cells: readonly NotebookCell[] }) {
  return (
    <article className={classes.notebook} aria-label={name}>
      {cells.slice(0, MAX_CELLS).map((cell, at) => (
        // oxlint-disable-next-line react/no-array-index-key -- cells have no other identity
        <Cell key={at} cell={cell} />
      ))}
      {cells.length > MAX_CELLS && (
        <p className={classes.more}>
          The first {MAX_CELLS} of {cells.length} cells. Download the notebook to see all.
        </p>
      )}
    </article>
  );
}

function Cell({ cell }: { cell: NotebookCell }) {
  if (cell.kind === "markdown") {
    return (
      <div className={classes.markdown}>
        <Note markdown={cell.source} />
      </div>
    );
  }
  return (
    <section className={classes.cell}>
      <span className={classes.count}>{cell.count === null ? "" : `[${cell.count}]`}</span>
      <div className={classes.body}>
        <pre className={classes.code}>{cell.source}</pre>
        {cell.outputs.map((output, at) => (
          // oxlint-disable-next-line react/no-array-index-key -- outputs have no other identity
          <Output key={at} output={output} />
        ))}
      </div>
    </section>
  );
}

function Output({ output }: { output: NotebookOutput }) {
  switch (output.kind) {
    case "text":
      return (
        <pre className={classes.output} data-error={output.isError || undefined}>
          <AnsiText text={output.text} />
        </pre>
      );
    case "image":
      return <img className={classes.image} src={output.url} alt="Output of the cell" />;
    case "html":
      return (
        <div className={classes.page}>
          {/* Without a doctype a page is as high as its frame. */}
          <FigureFrame name="Output of the cell" html={`<!doctype html>${output.html}`} fits />
        </div>
      );
    case "figure": {
      const kind = figureKind(output.document);
      if (kind === null) return null;
      return (
        <div className={classes.frame}>
          <FigureFrame
            name="Figure of the cell"
            html={pageOfFigure(output.document, kind, FIGURE_SCRIPTS)}
          />
        </div>
      );
    }
  }
}
