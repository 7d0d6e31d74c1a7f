import type { QueryClient } from "@tanstack/react-query";

import { loadCode } from "@/api/load-code";
import { download, fileName } from "@/lib/download";

/** Writes the report that is on the page to one HTML file; what makes it is loaded when it is first wanted. */
export async function exportPage(queries: QueryClient, title: string, text: string): Promise<void> {
  const { freezePanels, staticPage } = await loadCode(
    () => import("@/features/reports/static-page"),
  );
  const page = await staticPage(title, text, await freezePanels(queries, text));
  download(new Blob([page], { type: "text/html" }), fileName(title, "html"));
}
