import { useQueryClient } from "@tanstack/react-query";

import { NOTE_TAG } from "@/api/experiments";
import { setRunTag, type Run } from "@/api/runs";
import { NotePanel } from "@/components/note-panel";

export function RunNote({ run }: { run: Run }) {
  const queries = useQueryClient();

  return (
    <NotePanel
      title="Note"
      note={run.tags[NOTE_TAG] ?? ""}
      placeholder="What was tried, what came of it? Markdown is understood."
      none="What was tried, and what came of it? Nobody has written it down yet."
      onSave={async (markdown) => {
        await setRunTag(run.id, { key: NOTE_TAG, value: markdown });
        await queries.invalidateQueries({ queryKey: ["runs"] });
      }}
    />
  );
}
