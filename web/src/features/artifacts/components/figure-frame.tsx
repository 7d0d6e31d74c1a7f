import { useMemo, useRef } from "react";

import { figurePage } from "@/lib/figure-page";

import { FIGURE_SCRIPTS, frameUrl } from "../figure-scripts";
import classes from "./artifact-browser.module.css";

/**
 * A page that a run logged. Its scripts run in an origin that nothing else has: they see neither this
 * page nor its cookies, and reach no server (the server's FRAME_POLICY).
 */
export function FigureFrame({ name, html }: { name: string; html: string }) {
  const frame = useRef<HTMLIFrameElement>(null);
  const page = useMemo(() => figurePage(html, FIGURE_SCRIPTS), [html]);

  return (
    <>
      {page.refused.length > 0 && (
        <p className={classes.hint}>
          The page wants files from {page.refused.join(", ")}, which are not loaded: nothing here
          asks other servers. Download it to see it with them.
        </p>
      )}
      <iframe
        key={page.html}
        ref={frame}
        className={classes.frame}
        title={name}
        sandbox="allow-scripts"
        src={frameUrl()}
        // The frame has an origin of its own, which has no name to send to.
        onLoad={() => frame.current?.contentWindow?.postMessage({ page: page.html }, "*")}
      />
    </>
  );
}
