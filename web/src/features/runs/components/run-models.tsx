import { UnstyledButton } from "@mantine/core";
import { IconCube } from "@tabler/icons-react";

import type { Run } from "@/api/runs";
import { Panel } from "@/components/panel";
import { loggedModels } from "@/lib/lineage";

import classes from "./run-overview.module.css";

interface RunModelsProps {
  run: Run;
  onOpen: (path: string) => void;
}

/** The models that the run logged; nothing where there are none. */
export function RunModels({ run, onOpen }: RunModelsProps) {
  const models = loggedModels(run.tags, run.modelIds);

  if (models.length === 0) return null;
  return (
    <Panel title="Logged models" count={models.length}>
      <ul className={classes.models}>
        {models.map(({ path, detail, isFolder }) => (
          <li key={path} className={classes.model}>
            <IconCube size={16} stroke={1.5} aria-hidden />
            {isFolder ? (
              <UnstyledButton
                className={classes.modelName}
                onClick={() => onOpen(`${path}/MLmodel`)}
              >
                {path}
              </UnstyledButton>
            ) : (
              <span className={classes.modelName}>{path}</span>
            )}
            <span className={classes.tagKey}>{detail}</span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
