import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import {
  IconChevronRight,
  IconFile,
  IconFileText,
  IconFolder,
  IconJson,
  IconPhoto,
  IconTable,
  type Icon,
} from "@tabler/icons-react";
import { useState, type KeyboardEvent } from "react";

import { listArtifacts, type Artifact } from "@/api/artifacts";
import { moveRowFocus } from "@/components/row-focus";
import { artifactKind, type ArtifactKind } from "@/lib/artifact-kind";
import { formatBytes, formatCount } from "@/lib/format";

import classes from "./artifact-browser.module.css";

interface ArtifactTreeProps {
  runId: string;
  artifacts: readonly Artifact[];
  path: string;
  onPath: (path: string) => void;
}

const ICONS: Record<ArtifactKind, Icon> = {
  image: IconPhoto,
  markdown: IconFileText,
  json: IconJson,
  table: IconTable,
  html: IconFileText,
  code: IconFileText,
  text: IconFileText,
  other: IconFile,
};

/** Entries of one folder that are put on the page at a time. */
const PAGE = 500;

export function ArtifactTree(props: ArtifactTreeProps) {
  return (
    <div role="tree" aria-label="Artifacts" tabIndex={-1} onKeyDown={moveRowFocus}>
      <Entries {...props} depth={0} />
    </div>
  );
}

function Entries({ artifacts, depth, ...rest }: ArtifactTreeProps & { depth: number }) {
  const [nShown, setNShown] = useState(PAGE);

  return (
    <>
      {artifacts
        .slice(0, nShown)
        .map((artifact, at) =>
          artifact.isFolder ? (
            <Folder
              key={artifact.path}
              {...rest}
              folder={artifact}
              depth={depth}
              isFirst={depth + at === 0}
            />
          ) : (
            <File
              key={artifact.path}
              {...rest}
              file={artifact}
              depth={depth}
              isFirst={depth + at === 0}
            />
          ),
        )}
      {artifacts.length > nShown && (
        <button type="button" className={classes.more} onClick={() => setNShown(nShown + PAGE)}>
          {formatCount(artifacts.length - nShown)} more
        </button>
      )}
    </>
  );
}

interface EntryProps {
  runId: string;
  path: string;
  onPath: (path: string) => void;
  depth: number;
  /** The entry at which the keyboard enters the tree. */
  isFirst: boolean;
}

function Folder({ folder, ...rest }: EntryProps & { folder: Artifact }) {
  const { runId, path, depth, isFirst } = rest;
  const [choice, setChoice] = useState<boolean | null>(null);
  const isOpen = choice ?? path.startsWith(`${folder.path}/`);

  return (
    <>
      <div
        role="treeitem"
        aria-expanded={isOpen}
        aria-selected={false}
        aria-level={depth + 1}
        tabIndex={isFirst ? 0 : -1}
        data-row
        className={classes.entry}
        style={{ paddingLeft: 8 + depth * 16 }}
        onClick={() => setChoice(!isOpen)}
        onKeyDown={(event: KeyboardEvent) => {
          if (event.key !== "Enter" && event.key !== (isOpen ? "ArrowLeft" : "ArrowRight")) return;
          event.preventDefault();
          setChoice(!isOpen);
        }}
      >
        <IconChevronRight
          size={14}
          className={classes.chevron}
          data-open={isOpen || undefined}
          aria-hidden
        />
        <IconFolder size={16} stroke={1.5} aria-hidden />
        <span className={classes.name}>{folder.name}</span>
      </div>
      {isOpen && <FolderContent {...rest} folderPath={folder.path} runId={runId} />}
    </>
  );
}

function FolderContent({ folderPath, ...rest }: EntryProps & { folderPath: string }) {
  const { runId, depth } = rest;
  const query = useQuery(listArtifacts(runId, folderPath));

  if (query.isPending) return <Skeleton height={12} width="50%" my={8} ml={24 + depth * 16} />;
  if (query.isError) {
    return (
      <button type="button" className={classes.more} onClick={() => void query.refetch()}>
        {query.error.message} Try again
      </button>
    );
  }
  if (query.data.length === 0) return <p className={classes.empty}>Empty folder</p>;
  return <Entries {...rest} artifacts={query.data} depth={depth + 1} />;
}

function File({ file, path, onPath, depth, isFirst }: EntryProps & { file: Artifact }) {
  const FileIcon = ICONS[artifactKind(file.name)];

  return (
    <div
      role="treeitem"
      aria-selected={file.path === path}
      aria-level={depth + 1}
      tabIndex={isFirst ? 0 : -1}
      data-row
      className={classes.entry}
      style={{ paddingLeft: 26 + depth * 16 }}
      onClick={() => onPath(file.path)}
      onKeyDown={(event: KeyboardEvent) => {
        if (event.key === "Enter") onPath(file.path);
      }}
    >
      <FileIcon size={16} stroke={1.5} aria-hidden />
      <span className={classes.name} title={file.name}>
        {file.name}
      </span>
      {file.sizeBytes !== null && (
        <span className={classes.size}>{formatBytes(file.sizeBytes)}</span>
      )}
    </div>
  );
}
