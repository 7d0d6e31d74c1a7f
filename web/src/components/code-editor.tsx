import { EditorState } from "@codemirror/state";
import { EditorView, lineNumbers } from "@codemirror/view";
import { useEffect, useRef } from "react";

import type { CodeLanguage } from "@/lib/artifact-kind";

import { CODE_COLORS, CODE_LANGUAGES, CODE_LOOK } from "./code-look";

interface CodeEditorProps {
  label: string;
  text: string;
  language: CodeLanguage;
}

/** Text of any length: only the lines in view are on the page. */
export function CodeEditor({ label, text, language }: CodeEditorProps) {
  const box = useRef<HTMLDivElement>(null);

  useEffect(() => {
    if (box.current === null) return;
    const view = new EditorView({
      parent: box.current,
      state: EditorState.create({
        doc: text,
        extensions: [
          lineNumbers(),
          EditorState.readOnly.of(true),
          EditorView.contentAttributes.of({ "aria-label": label, tabindex: "0" }),
          CODE_LANGUAGES[language](),
          CODE_COLORS,
          CODE_LOOK,
        ],
      }),
    });
    return () => view.destroy();
  }, [label, text, language]);

  return <div ref={box} style={{ height: "100%", minHeight: 120 }} />;
}
