import { useEffect, useMemo, useRef, useState } from "react";

import { figurePage } from "@/lib/figure-page";

import { FIGURE_SCRIPTS, frameUrl } from "../figure-scripts";
import classes from "./artifact-browser.module.css";

interface FigureFrameProps {
  name: string;
  html: string;
  /** True for a frame that is as high as its page, among others. */
  fits?: boolean;
}

const LOWEST = 32;
const HIGHEST = 1200;

/**
 * A page that a run logged. Its scripts run in an origin that nothing else has: they see neither this
 * page nor its cookies, and reach no server (the server's FRAME_POLICY).
 */
export function FigureFrame({ name, html, fits = false }: FigureFrameProps) {
  const frame = useRef<HTMLIFrameElement>(null);
  const [height, setHeight] = useState<number | null>(null);
  const page = useMemo(() => figurePage(html, FIGURE_SCRIPTS), [html]);

  useEffect(() => {
    if (!fits) return;
    const hear = ({ source, data }: MessageEvent<unknown>) => {
      // Only its height is taken from a page that nobody trusts.
      const wanted = (data as { height?: unknown } | null)?.height;
      if (source !== frame.current?.contentWindow || typeof wanted !== "number") return;
      setHeight(Math.min(HIGHEST, Math.max(LOWEST, Math.ceil(wanted) + 2)));
    };
    window.addEventListener("message", hear);
    return () => window.removeEventListener("message", hear);
  }, [fits]);

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
        style={height === null ? {} : { height, minHeight: 0 }}
        sandbox="allow-scripts"
        src={frameUrl()}
        // The frame has an origin of its own, which has no name to send to.
        onLoad={() => frame.current?.contentWindow?.postMessage({ page: page.html }, "*")}
      />
    </>
  );
}
