import { EditorState, StateEffect, StateField } from "@codemirror/state";
import { Decoration, EditorView, lineNumbers, type DecorationSet } from "@codemirror/view";
import { useEffect, useRef } from "react";

import type { CodeLanguage } from "@/lib/artifact-kind";

import { CODE_COLORS, CODE_LANGUAGES, CODE_LOOK } from "./code-look";

interface TextEditorProps {
  label: string;
  /** What stands there at first. */
  initial: string;
  language: CodeLanguage;
  /** The line that is marked as wrong, from 1; null for none. */
  wrongLine: number | null;
  onChange: (text: string) => void;
}

const mark = StateEffect.define<number | null>();
const WRONG = Decoration.line({
  attributes: { style: "box-shadow: inset 4px 0 0 var(--bad)" },
});

const MARKED = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update: (marked, { effects, docChanged, state }) => {
    const wanted = effects.find((effect) => effect.is(mark))?.value;
    if (wanted === undefined) return docChanged ? Decoration.none : marked;
    if (wanted === null || wanted > state.doc.lines) return Decoration.none;
    return Decoration.set(WRONG.range(state.doc.line(wanted).from));
  },
  provide: (field) => EditorView.decorations.from(field),
});

/** Text in a language, to be written. Tab leaves it, as it leaves any field. */
export function TextEditor({ label, initial, language, wrongLine, onChange }: TextEditorProps) {
  const box = useRef<HTMLDivElement>(null);
  const editor = useRef<EditorView | null>(null);
  const heard = useRef(onChange);
  useEffect(() => {
    heard.current = onChange;
  }, [onChange]);

  useEffect(() => {
    if (box.current === null) return;
    const view = new EditorView({
      parent: box.current,
      state: EditorState.create({
        doc: initial,
        extensions: [
          lineNumbers(),
          EditorView.contentAttributes.of({ "aria-label": label, tabindex: "0" }),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) heard.current(update.state.doc.toString());
          }),
          CODE_LANGUAGES[language](),
          CODE_COLORS,
          CODE_LOOK,
          MARKED,
        ],
      }),
    });
    editor.current = view;
    return () => view.destroy();
  }, [label, initial, language]);

  useEffect(() => {
    editor.current?.dispatch({ effects: mark.of(wrongLine) });
  }, [wrongLine]);

  return <div ref={box} style={{ height: 360 }} />;
}
