import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";

import { getReport, updateReport, type Report } from "@/api/reports";

export interface Draft {
  title: string;
  text: string;
}

export type SaveState =
  | { kind: "saved" }
  | { kind: "waiting" }
  | { kind: "saving" }
  /** Refused or not reached; what was written is still here. */
  | { kind: "failed"; error: Error };

const PAUSE_MS = 800;

/**
 * Keeps what somebody writes, each time the typing pauses, one save at a time.
 *
 * A save names the version that it builds on, so that nobody's work is overwritten unseen: what
 * somebody else saved meanwhile makes it fail, and nothing more is sent until `retry`.
 */
export function useAutosave(report: Report) {
  const queries = useQueryClient();
  const [draft, setDraft] = useState<Draft>({ title: report.title, text: report.text });
  const [state, setState] = useState<SaveState>({ kind: "saved" });
  const saved = useRef({ title: report.title, text: report.text, version: report.version });

  const isDirty = draft.title !== saved.current.title || draft.text !== saved.current.text;
  const save = async (next: Draft) => {
    setState({ kind: "saving" });
    try {
      const kept = await updateReport(report.id, saved.current.version, next);
      saved.current = { ...next, version: kept.version };
      queries.setQueryData(getReport(report.id).queryKey, kept);
      setState({ kind: "saved" });
    } catch (reason) {
      setState({
        kind: "failed",
        error: reason instanceof Error ? reason : new Error(String(reason)),
      });
    }
  };

  const canSave = isDirty && draft.title.trim() !== "";
  useEffect(() => {
    if (!canSave || state.kind === "saving" || state.kind === "failed") return;
    const timer = setTimeout(() => void save(draft), PAUSE_MS);
    return () => clearTimeout(timer);
    // `save` reads what is newest through its refs.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [canSave, draft, state.kind]);

  return {
    draft,
    /** What is not kept yet counts as waiting. */
    state: state.kind === "saved" && isDirty ? ({ kind: "waiting" } as const) : state,
    edit: (change: Partial<Draft>) => setDraft((before) => ({ ...before, ...change })),
    /** Saves at once, over the newest version if `over` is given. */
    retry: async (over?: number) => {
      if (over !== undefined) saved.current.version = over;
      await save(draft);
    },
  };
}
