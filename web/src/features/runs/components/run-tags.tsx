import { Button, CloseButton, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type SubmitEvent } from "react";

import { deleteRunTag, setRunTag, type Run } from "@/api/runs";
import { notifyError, notifyUndo } from "@/components/notify";
import { Panel } from "@/components/panel";

import classes from "./run-overview.module.css";

/** Tags of these prefixes are shown where they belong: in the source, the environment, the lineage. */
const CAPTURED = /^(?:mlflow|fluvial)\./;

/** The tags that people gave the run. */
export function RunTags({ run }: { run: Run }) {
  const [isAdding, setIsAdding] = useState(false);
  const queries = useQueryClient();
  const tags = Object.entries(run.tags).filter(([key]) => !CAPTURED.test(key));
  const refresh = () => queries.invalidateQueries({ queryKey: ["runs"] });

  const remove = async (key: string, value: string) => {
    await deleteRunTag(run.id, key);
    notifyUndo(`Tag “${key}” removed`, async () => {
      await setRunTag(run.id, { key, value });
      await refresh();
    });
    await refresh();
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
              <span className={classes.tagKey}>{key}</span> {value}
            </span>
            <CloseButton
              size="xs"
              aria-label={`Remove the tag ${key}`}
              onClick={() => void remove(key, value).catch(notifyError)}
            />
          </span>
        ))}
        {tags.length === 0 && !isAdding && <p className={classes.noNote}>This run has no tags.</p>}
      </div>
      {isAdding && <TagForm run={run} onSaved={refresh} />}
    </Panel>
  );
}

function TagForm({ run, onSaved }: { run: Run; onSaved: () => Promise<void> }) {
  const [key, setKey] = useState("");
  const [value, setValue] = useState("");
  const save = useMutation({
    mutationFn: () => setRunTag(run.id, { key: key.trim(), value }),
    onSuccess: async () => {
      setKey("");
      setValue("");
      await onSaved();
    },
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    save.mutate();
  };

  return (
    <form className={classes.tagForm} onSubmit={submit}>
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
