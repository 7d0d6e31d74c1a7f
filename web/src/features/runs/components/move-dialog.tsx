import { Button, Group, Modal, Select, Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useInfiniteQuery, useMutation } from "@tanstack/react-query";
import { useState, type SubmitEvent } from "react";

import { createExperiment, LATEST_FIRST, searchExperiments } from "@/api/experiments";
import { countMoved, moveBack, moveRuns } from "@/api/run-moves";
import { notifyUndo } from "@/components/notify";
import { formatPlural } from "@/lib/format";

interface MoveDialogProps {
  /** The experiment that the runs are in, where it is one. */
  fromId: string | null;
  nRuns: number;
  findIds: () => Promise<string[]>;
  onDone: () => Promise<unknown>;
  onClose: () => void;
}

/** Stands for an experiment that is made for the runs; ids are digits. */
const NEW = "new";
const TYPING_MS = 150;

/** Moves runs to another experiment, or to a new one. */
export function MoveDialog({ fromId, nRuns, findIds, onDone, onClose }: MoveDialogProps) {
  const [text, setText] = useState("");
  const [chosen, setChosen] = useState<{ id: string; name: string } | null>(null);
  const [wanted] = useDebouncedValue(text.trim(), TYPING_MS);
  const experiments = useInfiniteQuery({
    ...searchExperiments({
      text: wanted === chosen?.name ? "" : wanted,
      viewType: "ACTIVE_ONLY",
      orderBy: LATEST_FIRST,
    }),
    placeholderData: keepPreviousData,
  });
  const move = useMutation({
    mutationFn: async ({ id, name }: { id: string; name: string }) => {
      const moved = await moveRuns(await findIds(), id === NEW ? await createExperiment(name) : id);
      notifyUndo(`${formatPlural(countMoved(moved), "run")} moved to ${name}`, async () => {
        await moveBack(moved);
        await onDone();
      });
    },
    onSuccess: async () => {
      onClose();
      await onDone();
    },
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (chosen !== null) move.mutate(chosen);
  };

  const found = (experiments.data?.pages ?? [])
    .flatMap((page) => page.experiments)
    .map(({ experiment }) => ({ value: experiment.id, label: experiment.name }))
    .filter(({ value }) => value !== fromId);
  const name = text.trim();
  const isNew = name !== "" && name !== chosen?.name && !found.some(({ label }) => label === name);
  const options = [
    ...(chosen === null || found.some(({ value }) => value === chosen.id)
      ? []
      : [{ value: chosen.id, label: chosen.name }]),
    ...found,
    ...(isNew ? [{ value: NEW, label: name }] : []),
  ];

  return (
    <Modal opened onClose={onClose} title={`Move ${formatPlural(nRuns, "run")}`}>
      <form onSubmit={submit}>
        <Select
          label="To the experiment"
          placeholder="Part of a name, or a new name"
          searchable
          data-autofocus
          nothingFoundMessage={experiments.isFetching ? "Searching…" : "No other experiment"}
          data={options}
          filter={({ options: all }) => all}
          renderOption={({ option }) =>
            option.value === NEW && chosen?.id !== NEW
              ? `New experiment “${option.label}”`
              : option.label
          }
          value={chosen?.id ?? null}
          searchValue={text}
          onSearchChange={setText}
          onChange={(id, option) =>
            setChosen(id === null || option === null ? null : { id, name: option.label })
          }
          error={move.error?.message ?? experiments.error?.message}
        />
        <Text size="xs" c="dimmed" mt="xs">
          Runs that are nested in them go along, and so do logged models. Files stay where they are.
        </Text>
        <Group justify="flex-end" mt="md">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={move.isPending} disabled={chosen === null}>
            Move
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
