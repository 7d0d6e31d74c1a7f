import { defineChart } from "../define-chart";
import { loaded } from "../loaded";

export interface NoteOptions {
  text: string;
}

export const note = defineChart<NoteOptions>({
  title: "Note",
  description: "Markdown beside the charts: what they show, and what was decided.",
  defaults: { text: "" },
  fields: { text: { kind: "long text", label: "Text (Markdown)" } },
  titleOf: ({ text }) => /^#+\s*(.+)$/m.exec(text)?.[1] ?? "",
  Component: loaded(async () => (await import("./note-chart")).NoteChart),
});
