import { Button, Group } from "@mantine/core";
import { notifications } from "@mantine/notifications";

/** Says what was done, with a way back. */
export function notifyUndo(message: string, onUndo: () => Promise<void>): void {
  const id = notifications.show({
    autoClose: 10_000,
    withBorder: true,
    closeButtonProps: { "aria-label": "Close" },
    message: (
      <Group justify="space-between" wrap="nowrap">
        <span>{message}</span>
        <Button
          variant="subtle"
          onClick={() => {
            notifications.hide(id);
            onUndo().catch(notifyError);
          }}
        >
          Undo
        </Button>
      </Group>
    ),
  });
}

export function notifyError(error: unknown): void {
  notifications.show({
    color: "red",
    withBorder: true,
    closeButtonProps: { "aria-label": "Close" },
    title: "That did not work",
    message: error instanceof Error ? error.message : String(error),
  });
}
