import { json } from "@codemirror/lang-json";
import { python } from "@codemirror/lang-python";
import { yaml } from "@codemirror/lang-yaml";
import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import type { Extension } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";

import type { CodeLanguage } from "@/lib/artifact-kind";

/** How code looks wherever it is shown. */
export const CODE_LANGUAGES: Record<CodeLanguage, () => Extension> = {
  json,
  python,
  yaml,
  text: () => [],
};

export const CODE_COLORS = syntaxHighlighting(
  HighlightStyle.define([
    { tag: [tags.keyword, tags.definitionKeyword, tags.modifier], color: "var(--syntax-keyword)" },
    { tag: [tags.string, tags.special(tags.string)], color: "var(--good)" },
    { tag: [tags.number, tags.bool, tags.null], color: "var(--warn)" },
    { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: "var(--accent)" },
    { tag: [tags.function(tags.variableName), tags.className], color: "var(--syntax-name)" },
    { tag: tags.comment, color: "var(--text-faint)", fontStyle: "italic" },
  ]),
);

export const CODE_LOOK = EditorView.theme({
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
