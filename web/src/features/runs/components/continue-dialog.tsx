import { Modal } from "@mantine/core";

import { serverUrl } from "@/api/http";
import type { Run } from "@/api/runs";
import { CodeBlock } from "@/components/code-block";
import { continueCode } from "@/lib/run-code";

import classes from "./run-dialogs.module.css";

/** How a program goes on with the run. */
export function ContinueDialog({ run, onClose }: { run: Run; onClose: () => void }) {
  return (
    <Modal opened onClose={onClose} title="Continue the run" size="lg">
      <p className={classes.hint}>
        Only your program can go on with it: what it logs then is added to this run, which is
        running again until the block ends. To try something else from an earlier step, fork it.
      </p>
      <CodeBlock label="Code that continues the run" code={continueCode(run, serverUrl(""))} />
    </Modal>
  );
}
