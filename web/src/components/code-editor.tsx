import { json } from "@codemirror/lang-json";
import { python } from "@codemirror/lang-python";
import { yaml } from "@codemirror/lang-yaml";
import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { EditorState } from "@codemirror/state";
import { EditorView, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { useEffect, useRef } from "react";

import type { CodeLanguage } from "@/lib/artifact-kind";

const LANGUAGES = { json, python, yaml, text: () => [] };

const COLORS = HighlightStyle.define([
  { tag: [tags.keyword, tags.definitionKeyword, tags.modifier], color: "var(--syntax-keyword)" },
  { tag: [tags.string, tags.special(tags.string)], color: "var(--good)" },
  { tag: [tags.number, tags.bool, tags.null], color: "var(--warn)" },
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: "var(--accent)" },
  { tag: [tags.function(tags.variableName), tags.className], color: "var(--syntax-name)" },
  { tag: tags.comment, color: "var(--text-faint)", fontStyle: "italic" },
]);

const LOOK = EditorView.theme({
  "&": {
    height: "100%",
    border: "1px solid var(--line)",
    borderRadius: "var(--radius)",
    fontSize: "12.5px",
  },
  "&.cm-focused": { outline: "2px solid var(--focus)" },
  ".cm-scroller": {
    fontFamily: "var(--mantine-font-family-monospace)",
    lineHeight: "1.6",
    overflow: "auto",
  },
  ".cm-content": { padding: "8px 0" },
  ".cm-gutters": {
    backgroundColor: "var(--surface-sunken)",
    color: "var(--text-faint)",
    border: "none",
    borderRight: "1px solid var(--line)",
  },
});

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
          EditorView.contentAttributes.of({ "aria-label": label }),
          LANGUAGES[language](),
          syntaxHighlighting(COLORS),
          LOOK,
        ],
      }),
    });
    return () => view.destroy();
  }, [label, text, language]);

  return <div ref={box} style={{ height: "100%", minHeight: 120 }} />;
}
