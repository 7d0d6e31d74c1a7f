import { ActionIcon, Button, Group, Modal, Textarea, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { IconPlus, IconX } from "@tabler/icons-react";
import { useState, type SubmitEvent } from "react";

import {
  deleteExperimentTag,
  NOTE_TAG,
  setExperimentTag,
  type Experiment,
} from "@/api/experiments";
import { TableSkeleton } from "@/components/table-skeleton";

import classes from "./experiments-table.module.css";
import { loaded } from "@/components/loaded";

interface ExperimentDetailsDialogProps {
  experiment: Experiment;
  onClose: () => void;
}

const MarkdownText = loaded(
  async () => (await import("@/components/markdown-text")).MarkdownText,
  () => <TableSkeleton rows={1} />,
);

/** The tags that people set; those of MLflow and fluvial have places of their own. */
export function ownTags(experiment: Experiment): [key: string, value: string][] {
  return Object.entries(experiment.tags).filter(([key]) => !/^(?:mlflow|fluvial)\./.test(key));
}

/** What an experiment is about: a note in Markdown, and tags. */
export function ExperimentDetailsDialog({ experiment, onClose }: ExperimentDetailsDialogProps) {
  const queries = useQueryClient();
  const before = experiment.tags[NOTE_TAG] ?? "";
  const [note, setNote] = useState(before);
  const [tags, setTags] = useState(() => ownTags(experiment));
  const save = useMutation({
    mutationFn: async () => {
      if (note !== before) await setExperimentTag(experiment.id, NOTE_TAG, note);
      const kept = new Set(tags.map(([key]) => key.trim()));
      for (const [key] of ownTags(experiment)) {
        if (!kept.has(key)) await deleteExperimentTag(experiment.id, key);
      }
      for (const [key, value] of tags) {
        const isNew = key.trim() !== "" && experiment.tags[key.trim()] !== value;
        if (isNew) await setExperimentTag(experiment.id, key.trim(), value);
      }
    },
    onSuccess: async () => {
      onClose();
      await queries.invalidateQueries({ queryKey: ["experiments"] });
    },
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    save.mutate();
  };
  const edit = (at: number, next: [string, string]) =>
    setTags(tags.map((tag, place) => (place === at ? next : tag)));

  return (
    <Modal opened onClose={onClose} title={experiment.name} size="lg">
      <form onSubmit={submit}>
        <Textarea
          label="Notes, in Markdown"
          autosize
          minRows={4}
          maxRows={12}
          value={note}
          data-autofocus
          error={save.error?.message}
          onChange={(event) => setNote(event.currentTarget.value)}
        />
        {note.trim() !== "" && (
          <div className={classes.preview}>
            <MarkdownText markdown={note} />
          </div>
        )}
        {tags.map(([key, value], at) => (
          // A tag that is being written has no name yet to be known by.
          // oxlint-disable-next-line react/no-array-index-key
          <Group key={at} gap={6} mt={6} wrap="nowrap">
            <TextInput
              size="xs"
              aria-label="Key of a tag"
              placeholder="Key"
              value={key}
              onChange={(event) => edit(at, [event.currentTarget.value, value])}
            />
            <TextInput
              size="xs"
              flex={1}
              aria-label={`Value of ${key}`}
              placeholder="Value"
              value={value}
              onChange={(event) => edit(at, [key, event.currentTarget.value])}
            />
            <ActionIcon
              aria-label={`Remove the tag ${key}`}
              onClick={() => setTags(tags.filter((_, place) => place !== at))}
            >
              <IconX size={15} />
            </ActionIcon>
          </Group>
        ))}
        <Group justify="space-between" mt="md">
          <Button
            variant="subtle"
            leftSection={<IconPlus size={14} />}
            onClick={() => setTags([...tags, ["", ""]])}
          >
            Tag
          </Button>
          <Group gap={8}>
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={save.isPending}>
              Save
            </Button>
          </Group>
        </Group>
      </form>
    </Modal>
  );
}
