import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";

import { download, fileName } from "@/lib/download";
import { notifyError } from "@/components/notify";

import { freezePanels, staticPage } from "../static-page";
import { ReportBody } from "./report-body";
import classes from "./report-export.module.css";

interface ReportExportProps {
  title: string;
  text: string;
  onDone: () => void;
}

/** Writes a report that is on no page to one HTML file: it is drawn where nobody sees it meanwhile. */
export function ReportExport({ title, text, onDone }: ReportExportProps) {
  const queries = useQueryClient();
  const sheet = useRef<HTMLDivElement>(null);

  useEffect(() => {
    const root = sheet.current;
    if (root === null) return;
    let isWanted = true;
    const write = async () => {
      const page = await staticPage(title, text, await freezePanels(queries, text, root));
      if (isWanted) download(new Blob([page], { type: "text/html" }), fileName(title, "html"));
    };
    write()
      .catch(notifyError)
      .finally(() => isWanted && onDone());
    return () => {
      isWanted = false;
    };
  }, [queries, title, text, onDone]);

  return (
    <>
      <p className={classes.note} role="status">
        Writing {title} to a file…
      </p>
      <div ref={sheet} className={classes.sheet} aria-hidden inert>
        <ReportBody text={text} />
      </div>
    </>
  );
}
