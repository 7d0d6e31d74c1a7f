import { MergeView } from "@codemirror/merge";
import { EditorState } from "@codemirror/state";
import { EditorView, lineNumbers } from "@codemirror/view";
import { useEffect, useRef } from "react";

import type { CodeLanguage } from "@/lib/artifact-kind";

import { CODE_COLORS, CODE_LANGUAGES, CODE_LOOK } from "./code-look";
import classes from "./merge-view.module.css";

export interface MergeEditorProps {
  label: string;
  before: string;
  after: string;
  language: CodeLanguage;
}

/** Two texts side by side, their differences marked; long equal parts are folded. */
export function MergeEditor({ label, before, after, language }: MergeEditorProps) {
  const box = useRef<HTMLDivElement>(null);

  useEffect(() => {
    if (box.current === null) return;
    const extensions = (side: string) => [
      lineNumbers(),
      EditorState.readOnly.of(true),
      EditorView.lineWrapping,
      EditorView.contentAttributes.of({ "aria-label": `${label}, ${side}` }),
      CODE_LANGUAGES[language](),
      CODE_COLORS,
      CODE_LOOK,
    ];
    const view = new MergeView({
      parent: box.current,
      a: { doc: before, extensions: extensions("before") },
      b: { doc: after, extensions: extensions("after") },
      collapseUnchanged: { margin: 3, minSize: 6 },
      gutter: true,
      highlightChanges: true,
    });
    return () => view.destroy();
  }, [label, before, after, language]);

  return <div ref={box} className={classes.merge} />;
}
