import { Button } from "@mantine/core";
import { IconCloudOff } from "@tabler/icons-react";

import { EmptyState } from "./empty-state";

interface ErrorPanelProps {
  error: Error;
  /** What the button says. */
  retry?: string;
  onRetry: () => void;
}

export function ErrorPanel({ error, retry = "Try again", onRetry }: ErrorPanelProps) {
  return (
    <div role="alert">
      <EmptyState
        icon={<IconCloudOff size={28} stroke={1.5} />}
        title="This could not be loaded"
        hint={error.message}
        action={
          <Button variant="default" onClick={onRetry}>
            {retry}
          </Button>
        }
      />
    </div>
  );
}
