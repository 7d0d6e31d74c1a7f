import { Button, Group, Modal, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type SubmitEvent } from "react";

import { createExperiment, renameExperiment, type Experiment } from "@/api/experiments";

interface ExperimentNameDialogProps {
  /** The experiment to rename, or null to make a new one. */
  experiment: Experiment | null;
  onClose: () => void;
}

const MAX_NAME_CHARS = 500;

export function ExperimentNameDialog({ experiment, onClose }: ExperimentNameDialogProps) {
  const [name, setName] = useState(experiment?.name ?? "");
  const queries = useQueryClient();
  const save = useMutation({
    mutationFn: async () => {
      if (experiment === null) await createExperiment(name.trim());
      else await renameExperiment(experiment.id, name.trim());
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

  return (
    <Modal
      opened
      onClose={onClose}
      title={experiment === null ? "New experiment" : "Rename experiment"}
    >
      <form onSubmit={submit}>
        <TextInput
          label="Name"
          value={name}
          maxLength={MAX_NAME_CHARS}
          data-autofocus
          error={save.error?.message}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Group justify="flex-end" mt="md">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={save.isPending} disabled={name.trim() === ""}>
            {experiment === null ? "Create" : "Rename"}
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
