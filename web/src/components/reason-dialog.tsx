import { Button, Group, Modal, Stack, Textarea } from "@mantine/core";
import { useState, type ReactNode, type SubmitEvent } from "react";

import { YourName } from "./your-name";

interface ReasonDialogProps {
  title: string;
  /** What will be done. */
  children: ReactNode;
  /** What the button says. */
  action: string;
  /** Refuses by an error, whose message is shown beside the field. */
  onReason: (reason: string) => Promise<void>;
  onClose: () => void;
}

/** Asks why, before something is done that the history keeps. */
export function ReasonDialog({ title, children, action, onReason, onClose }: ReasonDialogProps) {
  const [reason, setReason] = useState("");
  const [error, setError] = useState("");
  const [isBusy, setIsBusy] = useState(false);

  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    setIsBusy(true);
    try {
      await onReason(reason.trim());
      onClose();
    } catch (refusal) {
      setError(refusal instanceof Error ? refusal.message : String(refusal));
      setIsBusy(false);
    }
  };
  return (
    <Modal opened onClose={onClose} title={title} size="md">
      <Stack gap="md">
        <div>{children}</div>
        <YourName />
        <form onSubmit={(event) => void submit(event)}>
          <Textarea
            data-autofocus
            label="Why"
            description="Kept in the history."
            autosize
            minRows={2}
            value={reason}
            error={error === "" ? undefined : error}
            onChange={(event) => {
              setReason(event.currentTarget.value);
              setError("");
            }}
          />
          <Group justify="flex-end" mt="md">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={isBusy} disabled={reason.trim() === ""}>
              {action}
            </Button>
          </Group>
        </form>
      </Stack>
    </Modal>
  );
}
