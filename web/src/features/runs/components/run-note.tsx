import { Button, Group, Textarea } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { IconPencil } from "@tabler/icons-react";
import { useState } from "react";

import { NOTE_TAG } from "@/api/experiments";
import { setRunTag, type Run } from "@/api/runs";
import { Note } from "@/components/note";
import { Panel } from "@/components/panel";

import classes from "./run-overview.module.css";

export function RunNote({ run }: { run: Run }) {
  const note = run.tags[NOTE_TAG] ?? "";
  const [draft, setDraft] = useState<string | null>(null);
  const queries = useQueryClient();
  const save = useMutation({
    mutationFn: (markdown: string) => setRunTag(run.id, { key: NOTE_TAG, value: markdown }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ["runs"] });
      setDraft(null);
    },
  });

  if (draft !== null) {
    return (
      <Panel title="Note">
        <div className={classes.editor}>
          <Textarea
            aria-label="Note, in Markdown"
            placeholder="What was tried, what came of it? Markdown is understood."
            autosize
            minRows={5}
            maxRows={24}
            autoFocus
            value={draft}
            error={save.error?.message}
            onChange={(event) => setDraft(event.currentTarget.value)}
          />
          <Group gap="xs">
            <Button loading={save.isPending} onClick={() => save.mutate(draft)}>
              Save
            </Button>
            <Button variant="default" onClick={() => setDraft(null)}>
              Cancel
            </Button>
          </Group>
        </div>
      </Panel>
    );
  }
  return (
    <Panel
      title="Note"
      tools={
        <Button
          variant="subtle"
          color="gray"
          leftSection={<IconPencil size={14} />}
          onClick={() => setDraft(note)}
        >
          {note === "" ? "Write" : "Edit"}
        </Button>
      }
    >
      {note === "" ? (
        <p className={classes.noNote}>
          What was tried, and what came of it? Nobody has written it down yet.
        </p>
      ) : (
        <div className={classes.note}>
          <Note markdown={note} />
        </div>
      )}
    </Panel>
  );
}
