import { ActionIcon, Button, Group, Modal } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { IconDownload, IconTrash } from "@tabler/icons-react";
import { useState } from "react";

import { Tooltip } from "@/components/tooltip";
import {
  artifactUrl,
  deleteArtifact,
  getArtifactBytes,
  getArtifactSize,
  putArtifact,
} from "@/api/artifacts";
import { CopyButton } from "@/components/copy-button";
import { notifyError, notifyUndo } from "@/components/notify";
import { formatBytes } from "@/lib/format";

import classes from "./artifact-browser.module.css";

interface ArtifactHeadProps {
  runId: string;
  path: string;
  /** Where the server keeps the run's files; null if it may not delete there. */
  ownFolder: string | null;
  onDeleted: () => Promise<void>;
}

/** Files up to this size are kept in memory while their deletion can be undone. */
const MAX_UNDO_BYTES = 20_000_000;

/** Name and size of a file, and what can be done with it. */
export function ArtifactHead({ runId, path, ownFolder, onDeleted }: ArtifactHeadProps) {
  const [isAsking, setIsAsking] = useState(false);
  const queries = useQueryClient();
  const size = useQuery(getArtifactSize(runId, path));
  const name = path.slice(path.lastIndexOf("/") + 1);

  const deleteForGood = async (folder: string) => {
    setIsAsking(false);
    await deleteArtifact(folder, path);
    await onDeleted();
  };
  const remove = async (folder: string) => {
    if (size.data === undefined || size.data > MAX_UNDO_BYTES) {
      setIsAsking(true);
      return;
    }
    const content = await queries.fetchQuery(getArtifactBytes(runId, path));
    await deleteForGood(folder);
    notifyUndo(`“${name}” is deleted`, async () => {
      await putArtifact(folder, path, new Blob([content]));
      await queries.invalidateQueries({ queryKey: ["artifacts", runId] });
    });
  };

  return (
    <header className={classes.previewHead}>
      <h2 className={classes.previewName} title={path}>
        {name}
      </h2>
      {size.data !== undefined && <span className={classes.size}>{formatBytes(size.data)}</span>}
      <CopyButton text={path} label="Copy the path" />
      {ownFolder !== null && (
        <Tooltip label="Delete">
          <ActionIcon
            size="sm"
            aria-label="Delete the file"
            onClick={() => void remove(ownFolder).catch(notifyError)}
          >
            <IconTrash size={14} stroke={1.6} />
          </ActionIcon>
        </Tooltip>
      )}
      <Button
        component="a"
        href={artifactUrl(runId, path)}
        download={name}
        variant="default"
        leftSection={<IconDownload size={15} />}
      >
        Download
      </Button>
      {ownFolder !== null && (
        <Modal opened={isAsking} onClose={() => setIsAsking(false)} title={`Delete “${name}”?`}>
          <p className={classes.hint}>It is too large to be kept for an undo: this is for good.</p>
          <Group gap="xs">
            <Button color="red" onClick={() => void deleteForGood(ownFolder).catch(notifyError)}>
              Delete
            </Button>
            <Button variant="default" onClick={() => setIsAsking(false)}>
              Cancel
            </Button>
          </Group>
        </Modal>
      )}
    </header>
  );
}
