import { MarkdownText } from "@/components/markdown-text";

import { ChartEmpty } from "../chart-states";
import type { ChartProps } from "../define-chart";
import type { NoteOptions } from ".";

export function NoteChart({ title, options, height }: ChartProps<NoteOptions>) {
  if (options.text.trim() === "") return <ChartEmpty height={height}>An empty note</ChartEmpty>;
  return (
    // A region that scrolls must be reachable with the keyboard.
    <div
      style={{ height, overflow: "auto", padding: "2px 14px 10px" }}
      role="region"
      aria-label={title}
      tabIndex={0}
    >
      <MarkdownText markdown={options.text} />
    </div>
  );
}
