import { useRouter } from "@tanstack/react-router";
import { useCallback, useState } from "react";

import { ExperimentNameDialog } from "@/features/experiments/components/experiment-name-dialog";
import { SearchEverywhere } from "@/features/search/components/search-everywhere";

import { KeysHelp } from "./keys-help";
import { recentItems } from "./recents";
import { useCommands } from "./search-commands";
import type { ShellDialog } from "./shell";

interface ShellDialogsProps {
  dialog: ShellDialog;
  onDialog: (next: ShellDialog | null) => void;
}

/** What opens over any page. Loaded when it is first asked for. */
export function ShellDialogs({ dialog, onDialog }: ShellDialogsProps) {
  const { history } = useRouter();
  const [recents] = useState(recentItems);
  const close = useCallback(() => onDialog(null), [onDialog]);
  const go = useCallback((path: string) => history.push(path), [history]);
  const commands = useCommands({
    onNewExperiment: useCallback(() => onDialog("experiment"), [onDialog]),
    onKeys: useCallback(() => onDialog("keys"), [onDialog]),
  });

  switch (dialog) {
    case "keys":
      return <KeysHelp onClose={close} />;
    case "experiment":
      return <ExperimentNameDialog experiment={null} onClose={close} />;
    case "search":
      return <SearchEverywhere {...commands} recents={recents} onGo={go} onClose={close} />;
  }
}
