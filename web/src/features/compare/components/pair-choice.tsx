import { ActionIcon, Select } from "@mantine/core";
import { IconArrowsExchange } from "@tabler/icons-react";

import { Tooltip } from "@/components/tooltip";
import type { Run } from "@/api/runs";

import classes from "./compare.module.css";

interface PairChoiceProps {
  runs: readonly Run[];
  pair: readonly [Run, Run];
  onPair: (a: string, b: string) => void;
}

/** Which two of the runs stand side by side. */
export function PairChoice({ runs, pair, onPair }: PairChoiceProps) {
  const [a, b] = pair;
  const data = runs.map(({ id, name }) => ({ value: id, label: name }));

  return (
    <div className={classes.choices}>
      <Select
        size="xs"
        label="Left"
        searchable
        allowDeselect={false}
        value={a.id}
        data={data}
        onChange={(next) => next !== null && onPair(next, b.id)}
      />
      <Tooltip label="Exchange">
        <ActionIcon aria-label="Exchange the two runs" onClick={() => onPair(b.id, a.id)}>
          <IconArrowsExchange size={16} stroke={1.6} />
        </ActionIcon>
      </Tooltip>
      <Select
        size="xs"
        label="Right"
        searchable
        allowDeselect={false}
        value={b.id}
        data={data}
        onChange={(next) => next !== null && onPair(a.id, next)}
      />
    </div>
  );
}
