import { useSyncExternalStore } from "react";

import { preferences, watchPreferences, type Preferences } from "@/lib/preferences";

const ROW_HEIGHTS = { comfortable: 34, compact: 27 };

export function usePreferences(): Preferences {
  return useSyncExternalStore(watchPreferences, preferences);
}

/** The height of a table's row in px; the token `--row-height` says the same to the style sheets. */
export function useRowHeight(): number {
  return ROW_HEIGHTS[usePreferences().density];
}
