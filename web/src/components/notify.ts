import { showNotice } from "./notices";

/** Says what was done, with a way back. */
export function notifyUndo(message: string, onUndo: () => Promise<void>): void {
  showNotice({
    message,
    isError: false,
    action: { label: "Undo", run: () => void onUndo().catch(notifyError) },
  });
}

export function notifyError(error: unknown): void {
  showNotice({
    title: "That did not work",
    message: error instanceof Error ? error.message : String(error),
    isError: true,
  });
}
