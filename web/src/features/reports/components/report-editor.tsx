import { Button, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQueryClient } from "@tanstack/react-query";
import { IconChartDots, IconChartLine, IconPhoto, IconTable } from "@tabler/icons-react";
import { useRef } from "react";

import { Menu } from "@/components/menu";
import { ApiError } from "@/api/http";
import { getReport, type Report } from "@/api/reports";
import { panelText, type PanelSpec } from "@/lib/report-text";

import { useAutosave, type SaveState } from "../use-autosave";
import { ReportBody } from "./report-body";
import classes from "./report-editor.module.css";

const PREVIEW_MS = 400;
const TEMPLATES: { label: string; Icon: typeof IconTable; panel: Partial<PanelSpec> }[] = [
  {
    label: "Curves of a metric",
    Icon: IconChartLine,
    panel: { chart: "line", experiment: "NAME OR ID", metric: "loss", limit: 5 },
  },
  {
    label: "Bars of a metric",
    Icon: IconChartLine,
    panel: { chart: "bar", experiment: "NAME OR ID", metric: "loss", order: ["metrics.loss ASC"] },
  },
  {
    label: "Table of runs",
    Icon: IconTable,
    panel: {
      chart: "table",
      experiment: "NAME OR ID",
      columns: ["attributes.status", "metrics.loss"],
    },
  },
  {
    label: "Scatter of two fields",
    Icon: IconChartDots,
    panel: {
      chart: "scatter",
      experiment: "NAME OR ID",
      options: { x: "params.lr", y: "metrics.loss" },
    },
  },
  {
    label: "Parallel coordinates",
    Icon: IconChartLine,
    panel: {
      chart: "parallel",
      experiment: "NAME OR ID",
      options: { fields: ["params.lr", "metrics.loss"] },
    },
  },
  {
    label: "Importance of params",
    Icon: IconTable,
    panel: { chart: "importance", experiment: "NAME OR ID", metric: "loss" },
  },
  {
    label: "Images over steps",
    Icon: IconPhoto,
    panel: { chart: "images", experiment: "NAME OR ID", limit: 4 },
  },
];

/** Markdown on one side, what becomes of it on the other; saved by itself. */
export function ReportEditor({ report, onDone }: { report: Report; onDone: () => void }) {
  const { draft, state, edit, retry } = useAutosave(report);
  const [shown] = useDebouncedValue(draft.text, PREVIEW_MS);
  const field = useRef<HTMLTextAreaElement>(null);
  const queries = useQueryClient();

  const insert = (panel: Partial<PanelSpec>) => {
    const at = field.current?.selectionEnd ?? draft.text.length;
    const lineEnd = draft.text.indexOf("\n", at);
    const place = lineEnd === -1 ? draft.text.length : lineEnd;
    const text = `${draft.text.slice(0, place)}\n\n${panelText(panel)}\n${draft.text.slice(place)}`;
    edit({ text });
    field.current?.focus();
  };
  const keepMine = async () => {
    const theirs = await queries.fetchQuery({ ...getReport(report.id), staleTime: 0 });
    await retry(theirs.version);
  };

  return (
    <div className={classes.editor}>
      <div className={classes.side}>
        <div className={classes.bar}>
          <TextInput
            size="xs"
            className={classes.title ?? ""}
            aria-label="Title"
            value={draft.title}
            error={draft.title.trim() === ""}
            onChange={(event) => edit({ title: event.currentTarget.value })}
          />
          <span className={classes.state} role="status">
            {STATES[state.kind]}
          </span>
          <Menu position="bottom-end">
            <Menu.Target>
              <Button variant="default">Insert a panel</Button>
            </Menu.Target>
            <Menu.Dropdown>
              {TEMPLATES.map(({ label, Icon, panel }) => (
                <Menu.Item
                  key={label}
                  leftSection={<Icon size={15} />}
                  onClick={() => insert(panel)}
                >
                  {label}
                </Menu.Item>
              ))}
            </Menu.Dropdown>
          </Menu>
          <Button onClick={onDone} disabled={state.kind !== "saved"}>
            Done
          </Button>
        </div>
        {state.kind === "failed" && (
          <Failure
            error={state.error}
            onRetry={() => void retry()}
            onKeepMine={() => void keepMine()}
          />
        )}
        <textarea
          ref={field}
          className={classes.text}
          aria-label="Text in markdown"
          spellCheck
          value={draft.text}
          onChange={(event) => edit({ text: event.currentTarget.value })}
        />
      </div>
      <div className={classes.preview} tabIndex={0} aria-label="Preview" role="region">
        <ReportBody text={shown} />
      </div>
    </div>
  );
}

const STATES: Record<SaveState["kind"], string> = {
  saved: "Saved",
  waiting: "Not saved yet",
  saving: "Saving…",
  failed: "Not saved",
};

interface FailureProps {
  error: Error;
  onRetry: () => void;
  onKeepMine: () => void;
}

function Failure({ error, onRetry, onKeepMine }: FailureProps) {
  const isConflict = error instanceof ApiError && error.status === 409;
  return (
    <div className={classes.failed} role="alert">
      {error.message}
      {isConflict ? (
        <Button variant="default" onClick={onKeepMine}>
          Save mine as the next version
        </Button>
      ) : (
        <Button variant="default" onClick={onRetry}>
          Try again
        </Button>
      )}
    </div>
  );
}
