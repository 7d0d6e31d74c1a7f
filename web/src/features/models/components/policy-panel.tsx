import { Button, Group, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";

import { getPolicy, setPolicy } from "@/api/promotions";
import type { Policy } from "@/api/schema";
import { ErrorPanel } from "@/components/error-panel";
import { loaded } from "@/components/loaded";
import { Panel } from "@/components/panel";
import { TableSkeleton } from "@/components/table-skeleton";
import { YourName } from "@/components/your-name";
import { formatTime } from "@/lib/format";
import { lineOfRefusal } from "@/lib/policy-refusal";

import classes from "./models.module.css";

const Editor = loaded(
  async () => (await import("@/components/text-editor")).TextEditor,
  () => <TableSkeleton rows={10} />,
);

const TEMPLATE = `guards:
  - alias: champion
    approvals: 1
    gates: [better]

gates:
  better: {metric: accuracy, against: champion}
`;

/** Which places of a model are guarded, and by which gates: its policy, to be read and written. */
export function PolicyPanel({ name }: { name: string }) {
  const query = useQuery(getPolicy(name));

  if (query.isPending) return <TableSkeleton rows={10} />;
  if (query.isError) return <ErrorPanel error={query.error} onRetry={() => void query.refetch()} />;
  return <PolicyForm key={query.data.number} policy={query.data} />;
}

function PolicyForm({
  policy: { name, number, text: kept = "", author, timestamp },
}: {
  policy: Policy;
}) {
  const initial = number === 0 ? TEMPLATE : kept;
  const queries = useQueryClient();
  const [text, setText] = useState(initial);
  const [reason, setReason] = useState("");
  const save = useMutation({
    mutationFn: () => setPolicy(name, text, reason.trim()),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["registry"] }),
  });
  const refusal = save.error?.message ?? "";
  const wrongLine = refusal === "" ? null : lineOfRefusal(text, refusal);

  return (
    <div className={classes.stack}>
      <Panel title="Policy">
        <div className={classes.actions} data-plain>
          <p className={classes.hint}>
            {number === 0
              ? "This model has no policy: anybody moves its versions. Here is one to begin with."
              : `Number ${number}, by ${author ?? ""}${timestamp ? `, ${formatTime(timestamp)}` : ""}. Those before it are in the history.`}
          </p>
          <Editor
            label="Policy, in YAML"
            initial={initial}
            language="yaml"
            wrongLine={wrongLine}
            onChange={(next) => {
              setText(next);
              if (save.isError) save.reset();
            }}
          />
          {refusal !== "" && (
            <p role="alert" className={classes.refusal}>
              {wrongLine === null ? "" : `Line ${wrongLine}: `}
              {refusal}
            </p>
          )}
          <YourName />
          <TextInput
            size="xs"
            label="Why"
            description="Kept in the history."
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
          <Group>
            <Button loading={save.isPending} disabled={text === kept} onClick={() => save.mutate()}>
              Save the policy
            </Button>
          </Group>
        </div>
      </Panel>
    </div>
  );
}
