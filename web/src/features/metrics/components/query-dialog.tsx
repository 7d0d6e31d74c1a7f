import { Modal } from "@mantine/core";

import { CodeBlock } from "@/components/code-block";

interface QueryDialogProps {
  /** Of the panel. */
  title: string;
  query: string;
  onClose: () => void;
}

/** The request that a panel is drawn from. */
export function QueryDialog({ title, query, onClose }: QueryDialogProps) {
  return (
    <Modal opened onClose={onClose} title={`What ${title} asks the server`} size="lg">
      <CodeBlock label="Request" code={query} />
    </Modal>
  );
}
