import { Button, TextInput } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useState, type SubmitEvent } from "react";

import { Popover } from "@/components/popover";

const RUN_ID = /\b[0-9a-f]{32}\b/;

/** Brings in a run of any experiment, by its id or the address of its page. */
export function AddRun({ onAdd }: { onAdd: (runId: string) => void }) {
  const [isOpen, setIsOpen] = useState(false);
  const [text, setText] = useState("");
  const runId = RUN_ID.exec(text)?.[0];
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (runId === undefined) return;
    onAdd(runId);
    setText("");
    setIsOpen(false);
  };

  return (
    <Popover opened={isOpen} onChange={setIsOpen} position="bottom-start" takesFocus>
      <Popover.Target>
        <Button
          variant="default"
          leftSection={<IconPlus size={14} />}
          onClick={() => setIsOpen(!isOpen)}
        >
          Add a run
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <form onSubmit={submit}>
          <TextInput
            size="xs"
            w={300}
            label="Id of a run, or the address of its page"
            description="Of any experiment."
            value={text}
            error={text !== "" && runId === undefined ? "A run's id has 32 of 0-9 and a-f." : null}
            onChange={(event) => setText(event.currentTarget.value)}
          />
          <Button type="submit" mt="xs" disabled={runId === undefined}>
            Add
          </Button>
        </form>
      </Popover.Dropdown>
    </Popover>
  );
}
