import { Button, Group, Modal, TextInput } from "@mantine/core";
import { useState } from "react";

interface NameDialogProps {
  title: string;
  label: string;
  /** What the button says. */
  action: string;
  initial?: string;
  /** Refuses by an error, whose message is shown beside the field. */
  onName: (name: string) => Promise<void>;
  onClose: () => void;
}

/** Asks for a name, and stays open with the reason where it is refused. */
export function NameDialog({
  title,
  label,
  action,
  initial = "",
  onName,
  onClose,
}: NameDialogProps) {
  const [name, setName] = useState(initial);
  const [error, setError] = useState("");
  const [isBusy, setIsBusy] = useState(false);

  const submit = async () => {
    setIsBusy(true);
    try {
      await onName(name.trim());
      onClose();
    } catch (reason) {
      setError(reason instanceof Error ? reason.message : String(reason));
      setIsBusy(false);
    }
  };

  return (
    <Modal opened onClose={onClose} title={title} size="sm">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <TextInput
          data-autofocus
          label={label}
          value={name}
          error={error === "" ? undefined : error}
          onChange={(event) => {
            setName(event.currentTarget.value);
            setError("");
          }}
        />
        <Group justify="flex-end" mt="md">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={isBusy} disabled={name.trim() === ""}>
            {action}
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
