import { Button, Group, Modal, NumberInput, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState, type SubmitEvent } from "react";

import { serverUrl } from "@/api/http";
import { forkRun, type Run } from "@/api/runs";
import { CodeBlock } from "@/components/code-block";
import { isSystemMetric } from "@/lib/metric-groups";
import { forkCode } from "@/lib/run-code";

import classes from "./run-dialogs.module.css";

/** Another run with this one's history up to a step (docs/forking.md). */
export function ForkDialog({ run, onClose }: { run: Run; onClose: () => void }) {
  const [step, setStep] = useState(() => lastStep(run));
  const [name, setName] = useState("");
  const navigate = useNavigate();
  const queries = useQueryClient();
  const fork = useMutation({
    mutationFn: () => forkRun(run.id, step, name.trim()),
    onSuccess: async ({ id, experimentId }) => {
      onClose();
      await queries.invalidateQueries({ queryKey: ["runs"] });
      await navigate({
        to: "/experiments/$experimentId/runs/$runId",
        params: { experimentId, runId: id },
      });
    },
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    fork.mutate();
  };

  return (
    <Modal opened onClose={onClose} title="Fork the run" size="lg">
      <form onSubmit={submit} className={classes.form}>
        <p className={classes.hint}>
          The fork begins with the params, tags and inputs of “{run.name}” and its metrics up to a
          step. No point is copied, and this run stays as it is.
        </p>
        <Group align="start" grow>
          <NumberInput
            label="Last step of the history"
            value={step}
            allowDecimal={false}
            data-autofocus
            onChange={(next) => setStep(Number(next))}
          />
          <TextInput
            label="Name of the fork"
            placeholder={`${run.name} from step ${step}`}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
        </Group>
        {fork.isError && (
          <p className={classes.error} role="alert">
            {fork.error.message}
          </p>
        )}
        <Group gap="xs">
          <Button type="submit" loading={fork.isPending}>
            Fork
          </Button>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
        </Group>
        <p className={classes.hint}>Or let the program begin it, and train on:</p>
        <CodeBlock label="Code that forks the run" code={forkCode(run, step, serverUrl(""))} />
      </form>
    </Modal>
  );
}

function lastStep(run: Run): number {
  return Object.entries(run.metrics).reduce(
    (last, [key, { step }]) => (isSystemMetric(key) ? last : Math.max(last, step)),
    0,
  );
}
