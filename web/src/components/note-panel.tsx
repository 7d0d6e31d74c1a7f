import { Button, Group, Textarea } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { IconPencil } from "@tabler/icons-react";
import { useState } from "react";

import { Note } from "./note";
import classes from "./note-panel.module.css";
import { Panel } from "./panel";

interface NotePanelProps {
  title: string;
  /** Markdown; "" for none. */
  note: string;
  placeholder: string;
  /** What stands there while there is none. */
  none: string;
  /** Refuses by an error, whose message is shown beside the field. */
  onSave: (markdown: string) => Promise<void>;
}

/** Markdown that is read and written in one place. */
export function NotePanel({ title, note, placeholder, none, onSave }: NotePanelProps) {
  const [draft, setDraft] = useState<string | null>(null);
  const save = useMutation({ mutationFn: onSave, onSuccess: () => setDraft(null) });

  if (draft !== null) {
    return (
      <Panel title={title}>
        <div className={classes.editor}>
          <Textarea
            aria-label={`${title}, in Markdown`}
            placeholder={placeholder}
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
      title={title}
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
        <p className={classes.none}>{none}</p>
      ) : (
        <div className={classes.note}>
          <Note markdown={note} />
        </div>
      )}
    </Panel>
  );
}
