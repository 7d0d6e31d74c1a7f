import { Modal, Stack } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";

import {
  deleteExperimentTag,
  NOTE_TAG,
  setExperimentTag,
  type Experiment,
} from "@/api/experiments";
import { NotePanel } from "@/components/note-panel";
import { TagsPanel } from "@/components/tags-panel";

import { ownTags } from "../own-tags";

interface ExperimentDetailsDialogProps {
  experiment: Experiment;
  onClose: () => void;
}

/** What an experiment is about: notes in Markdown, and tags. */
export function ExperimentDetailsDialog({ experiment, onClose }: ExperimentDetailsDialogProps) {
  const queries = useQueryClient();
  const { id, name } = experiment;
  const setTag = async (key: string, value: string) => {
    await setExperimentTag(id, key, value);
    await queries.invalidateQueries({ queryKey: ["experiments"] });
  };

  return (
    <Modal opened onClose={onClose} title={name} size="lg">
      <Stack gap="lg">
        <NotePanel
          title="Notes"
          note={experiment.tags[NOTE_TAG] ?? ""}
          placeholder="What is tried here, with which data, and who knows more? Markdown is understood."
          none="What is tried here, and with which data? Nobody has written it down yet."
          onSave={(markdown) => setTag(NOTE_TAG, markdown)}
        />
        <TagsPanel
          tags={ownTags(experiment)}
          none="This experiment has no tags."
          onSet={setTag}
          onDelete={async (key) => {
            await deleteExperimentTag(id, key);
            await queries.invalidateQueries({ queryKey: ["experiments"] });
          }}
        />
      </Stack>
    </Modal>
  );
}
