import type { QueryClient } from "@tanstack/react-query";

import { download, fileName } from "@/lib/download";

/** Writes a report to one HTML file; what makes it is loaded when it is first wanted. */
export async function exportPage(queries: QueryClient, title: string, text: string): Promise<void> {
  const { freezePanels, staticPage } = await import("@/features/reports/static-page");
  const page = await staticPage(title, text, await freezePanels(queries, text));
  download(new Blob([page], { type: "text/html" }), fileName(title, "html"));
}
