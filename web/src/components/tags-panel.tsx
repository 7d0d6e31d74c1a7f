import { Button, CloseButton, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState, type SubmitEvent } from "react";

import { notifyError, notifyUndo } from "./notify";
import { Panel } from "./panel";
import classes from "./tags-panel.module.css";

interface TagsPanelProps {
  tags: readonly (readonly [key: string, value: string])[];
  /** What stands there while there are none. */
  none: string;
  onSet: (key: string, value: string) => Promise<void>;
  onDelete: (key: string) => Promise<void>;
}

/** Tags that people set and take away. */
export function TagsPanel({ tags, none, onSet, onDelete }: TagsPanelProps) {
  const [isAdding, setIsAdding] = useState(false);

  const remove = async (key: string, value: string) => {
    await onDelete(key);
    notifyUndo(`Tag “${key}” removed`, () => onSet(key, value));
  };

  return (
    <Panel
      title="Tags"
      count={tags.length}
      tools={
        <Button variant="subtle" color="gray" onClick={() => setIsAdding(!isAdding)}>
          {isAdding ? "Done" : "Add"}
        </Button>
      }
    >
      <div className={classes.tags}>
        {tags.map(([key, value]) => (
          <span key={key} className={classes.tag} title={`${key}: ${value}`}>
            <span>
              <span className={classes.key}>{key}</span> {value}
            </span>
            <CloseButton
              size="xs"
              aria-label={`Remove the tag ${key}`}
              onClick={() => void remove(key, value).catch(notifyError)}
            />
          </span>
        ))}
        {tags.length === 0 && !isAdding && <p className={classes.none}>{none}</p>}
      </div>
      {isAdding && <TagForm onSet={onSet} />}
    </Panel>
  );
}

function TagForm({ onSet }: { onSet: TagsPanelProps["onSet"] }) {
  const [key, setKey] = useState("");
  const [value, setValue] = useState("");
  const save = useMutation({
    mutationFn: () => onSet(key.trim(), value),
    onSuccess: () => {
      setKey("");
      setValue("");
    },
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    save.mutate();
  };

  return (
    <form className={classes.form} onSubmit={submit}>
      <TextInput
        size="xs"
        aria-label="Name of the tag"
        placeholder="Name"
        autoFocus
        value={key}
        error={save.error?.message}
        onChange={(event) => setKey(event.currentTarget.value)}
      />
      <TextInput
        size="xs"
        aria-label="Value of the tag"
        placeholder="Value"
        value={value}
        onChange={(event) => setValue(event.currentTarget.value)}
      />
      <Button type="submit" variant="default" disabled={key.trim() === ""} loading={save.isPending}>
        Add
      </Button>
    </form>
  );
}
