import { defineChart } from "../define-chart";
import { loadedChart } from "../loaded-chart";

export interface NoteOptions {
  text: string;
}

export const note = defineChart<NoteOptions>({
  title: "Note",
  description: "Markdown beside the charts: what they show, and what was decided.",
  defaults: { text: "" },
  fields: { text: { kind: "long text", label: "Text (Markdown)" } },
  titleOf: ({ text }) => /^#+\s*(.+)$/m.exec(text)?.[1] ?? "",
  Component: loadedChart(async () => (await import("./note-chart")).NoteChart),
});
