import { EditorState, RangeSetBuilder, type Extension } from "@codemirror/state";
import { Decoration, EditorView, gutter, GutterMarker } from "@codemirror/view";
import { useEffect, useRef } from "react";

import { codeLanguage } from "@/lib/artifact-kind";
import type { DiffLine, FileDiff } from "@/lib/unified-diff";

import { CODE_COLORS, CODE_LANGUAGES, CODE_LOOK } from "./code-look";

/** The changes of one file, in colours; only the lines in view are on the page. */
export function DiffEditor({ file }: { file: FileDiff }) {
  const box = useRef<HTMLDivElement>(null);

  useEffect(() => {
    if (box.current === null) return;
    const view = new EditorView({
      parent: box.current,
      state: EditorState.create({
        doc: file.lines.map((line) => line.text).join("\n"),
        extensions: [
          numbers(file.lines, "before"),
          numbers(file.lines, "after"),
          signs(file.lines),
          EditorState.readOnly.of(true),
          EditorView.contentAttributes.of({ "aria-label": `Changes of ${file.path}` }),
          CODE_LANGUAGES[codeLanguage(file.path)](),
          CODE_COLORS,
          CODE_LOOK,
          LOOK,
          EditorView.decorations.of(decorations(file.lines)),
        ],
      }),
    });
    return () => view.destroy();
  }, [file]);

  return <div ref={box} />;
}

const SIGNS: Record<DiffLine["kind"], string> = { added: "+", removed: "−", context: "", hunk: "" };

const LOOK = EditorView.theme({
  "&": { border: "0", borderRadius: "0", height: "auto", maxHeight: "70vh" },
  ".cm-added": { backgroundColor: "color-mix(in srgb, var(--good) 13%, transparent)" },
  ".cm-removed": { backgroundColor: "color-mix(in srgb, var(--bad) 13%, transparent)" },
  ".cm-hunk": { backgroundColor: "var(--surface-sunken)", color: "var(--text-faint)" },
  ".cm-hunk *": { color: "var(--text-faint) !important" },
  ".cm-content": { padding: "0" },
  ".cm-line-number": { minWidth: "40px", padding: "0 8px", textAlign: "right" },
  ".cm-sign": { width: "18px", textAlign: "center" },
});

class Text extends GutterMarker {
  constructor(readonly text: string) {
    super();
  }

  override eq(other: Text): boolean {
    return other.text === this.text;
  }

  override toDOM(): Node {
    return document.createTextNode(this.text);
  }
}

function numbers(lines: readonly DiffLine[], side: "before" | "after"): Extension {
  return gutter({
    class: "cm-line-number",
    lineMarker: (view, block) => {
      const number = lines[view.state.doc.lineAt(block.from).number - 1]?.[side];
      return new Text(number === null || number === undefined ? "" : String(number));
    },
  });
}

function signs(lines: readonly DiffLine[]): Extension {
  return gutter({
    class: "cm-sign",
    lineMarker: (view, block) =>
      new Text(SIGNS[lines[view.state.doc.lineAt(block.from).number - 1]?.kind ?? "context"]),
  });
}

function decorations(lines: readonly DiffLine[]) {
  const builder = new RangeSetBuilder<Decoration>();
  let from = 0;
  for (const { kind, text } of lines) {
    if (kind !== "context") builder.add(from, from, Decoration.line({ class: `cm-${kind}` }));
    from += text.length + 1;
  }
  return builder.finish();
}
