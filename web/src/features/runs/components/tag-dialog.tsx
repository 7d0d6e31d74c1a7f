import { Button, Group, Modal, SegmentedControl, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState, type SubmitEvent } from "react";

import { readTag, restoreTag, tagRuns } from "@/api/run-edits";
import { notifyUndo } from "@/components/notify";
import { formatPlural } from "@/lib/format";

interface TagDialogProps {
  experimentIds: readonly string[];
  nRuns: number;
  findIds: () => Promise<string[]>;
  onDone: () => Promise<unknown>;
  onClose: () => void;
}

/** Sets a tag of many runs, or takes it away from them. */
export function TagDialog(props: TagDialogProps) {
  const { experimentIds, nRuns, findIds, onDone, onClose } = props;
  const [removes, setRemoves] = useState(false);
  const [key, setKey] = useState("");
  const [value, setValue] = useState("");
  const save = useMutation({
    mutationFn: async () => {
      const ids = await findIds();
      const name = key.trim();
      const before = await readTag(experimentIds, ids, name);
      if (removes) await tagRuns(ids, [], [name]);
      else await tagRuns(ids, [{ key: name, value }], []);
      const done = removes ? `The tag ${name} is removed from` : `The tag ${name} is set for`;
      notifyUndo(`${done} ${formatPlural(ids.length, "run")}`, async () => {
        await restoreTag(ids, name, before);
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
    save.mutate();
  };

  return (
    <Modal opened onClose={onClose} title={`Tag ${formatPlural(nRuns, "run")}`}>
      <form onSubmit={submit}>
        <SegmentedControl
          size="xs"
          mb="sm"
          aria-label="What happens to the tag"
          value={removes ? "remove" : "set"}
          data={[
            { value: "set", label: "Set" },
            { value: "remove", label: "Remove" },
          ]}
          onChange={(next) => setRemoves(next === "remove")}
        />
        <TextInput
          label="Key"
          value={key}
          data-autofocus
          error={save.error?.message}
          onChange={(event) => setKey(event.currentTarget.value)}
        />
        {!removes && (
          <TextInput
            label="Value"
            mt="xs"
            value={value}
            onChange={(event) => setValue(event.currentTarget.value)}
          />
        )}
        <Group justify="flex-end" mt="md">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={save.isPending} disabled={key.trim() === ""}>
            {removes ? "Remove" : "Set"}
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
