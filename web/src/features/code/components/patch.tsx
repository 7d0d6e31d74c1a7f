import { UnstyledButton } from "@mantine/core";
import { IconChevronRight } from "@tabler/icons-react";
import { useMemo, useState } from "react";

import { CodeView } from "@/components/code-view";
import { DiffView } from "@/components/diff-view";
import { formatPlural } from "@/lib/format";
import { parseUnifiedDiff, type FileDiff } from "@/lib/unified-diff";

import classes from "./code-tab.module.css";

/** Files that are open at first; a long list begins closed. */
const MAX_OPEN = 8;

/** A patch, file by file. */
export function Patch({ text }: { text: string }) {
  const files = useMemo(() => parseUnifiedDiff(text), [text]);
  const nAdded = files.reduce((sum, file) => sum + file.nAdded, 0);
  const nRemoved = files.reduce((sum, file) => sum + file.nRemoved, 0);

  if (files.length === 0) return <CodeView label="Patch" text={text} language="text" />;
  return (
    <>
      <p className={classes.hint}>
        {formatPlural(files.length, "file")}, <span className={classes.added}>+{nAdded}</span>{" "}
        <span className={classes.removed}>−{nRemoved}</span>
      </p>
      {files.map((file) => (
        <File key={file.path} file={file} isOpenAtFirst={files.length <= MAX_OPEN} />
      ))}
    </>
  );
}

function File({ file, isOpenAtFirst }: { file: FileDiff; isOpenAtFirst: boolean }) {
  const [isOpen, setIsOpen] = useState(isOpenAtFirst);
  const { path, movedFrom, change, nAdded, nRemoved, lines } = file;

  return (
    <section className={classes.file} aria-label={path}>
      <UnstyledButton
        className={classes.fileHead}
        aria-expanded={isOpen}
        onClick={() => setIsOpen(!isOpen)}
      >
        <IconChevronRight size={14} className={classes.chevron} data-open={isOpen || undefined} />
        <span className={classes.path}>{movedFrom === null ? path : `${movedFrom} → ${path}`}</span>
        {change !== "changed" && <span className={classes.change}>{change}</span>}
        <span className={classes.added}>+{nAdded}</span>
        <span className={classes.removed}>−{nRemoved}</span>
      </UnstyledButton>
      {isOpen && lines.length > 0 && <DiffView file={file} />}
    </section>
  );
}
