import { useMantineColorScheme } from "@mantine/core";
import { useRouter } from "@tanstack/react-router";
import { useMemo } from "react";

import type { Command } from "@/features/search/components/search-everywhere";
import { preferences } from "@/lib/preferences";

import { keepPreferences } from "./preferences";

interface Openers {
  onNewExperiment: () => void;
  onKeys: () => void;
}

/** The pages and actions that the search everywhere offers. */
export function useCommands({ onNewExperiment, onKeys }: Openers) {
  const { history } = useRouter();
  const { setColorScheme } = useMantineColorScheme();

  return useMemo(() => {
    const go = (label: string, path: string, keywords = ""): Command => ({
      label,
      keywords,
      run: () => history.push(path),
    });
    const pages = [
      go("Experiments", "/experiments", "all list"),
      go("Models", "/models", "all list registry registered versions"),
      go("Reports", "/reports", "all list"),
      go("Notifications", "/notifications", "reviews requests waiting inbox"),
      go("Webhooks", "/webhooks", "deliveries log registry"),
      go("Settings", "/settings", "preferences theme palette digits time zone density"),
    ];
    const actions: Command[] = [
      { label: "New experiment", keywords: "create add", run: onNewExperiment },
      { label: "Use the light theme", keywords: "day", run: () => setColorScheme("light") },
      { label: "Use the dark theme", keywords: "night", run: () => setColorScheme("dark") },
      { label: "Use the theme of the system", run: () => setColorScheme("auto") },
      {
        label: "Switch between comfortable and compact rows",
        keywords: "density",
        run: () => {
          const now = preferences();
          const density = now.density === "compact" ? "comfortable" : "compact";
          keepPreferences({ ...now, density });
        },
      },
      {
        label: "Copy the link to this page",
        keywords: "share url address",
        run: () => void navigator.clipboard.writeText(location.href),
      },
      { label: "Show the keys", keywords: "help shortcuts keyboard", run: onKeys },
    ];
    return { pages, actions };
  }, [history, setColorScheme, onNewExperiment, onKeys]);
}
