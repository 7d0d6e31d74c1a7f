import { ActionIcon, Tooltip } from "@mantine/core";
import { IconPhotoOff, IconZoomIn, IconZoomOut, IconZoomReset } from "@tabler/icons-react";
import { useState } from "react";

import { EmptyState } from "@/components/empty-state";

import classes from "./artifact-browser.module.css";

const STEP = 1.5;
const LARGEST = 16;

/** An image, at first as large as its place allows; a click on it zooms in. */
export function ImagePreview({ url, name }: { url: string; name: string }) {
  const [zoom, setZoom] = useState(1);
  const [isBroken, setIsBroken] = useState(false);

  if (isBroken) {
    return (
      <EmptyState
        icon={<IconPhotoOff size={28} stroke={1.4} />}
        title="The image cannot be shown"
        hint="It may be damaged, or of a kind that browsers do not read."
      />
    );
  }
  return (
    <>
      <div className={classes.zoom} role="toolbar" aria-label="Zoom">
        <Tooltip label="Larger">
          <ActionIcon aria-label="Larger" onClick={() => setZoom(Math.min(LARGEST, zoom * STEP))}>
            <IconZoomIn size={17} stroke={1.6} />
          </ActionIcon>
        </Tooltip>
        <Tooltip label="Smaller">
          <ActionIcon
            aria-label="Smaller"
            disabled={zoom === 1}
            onClick={() => setZoom(Math.max(1, zoom / STEP))}
          >
            <IconZoomOut size={17} stroke={1.6} />
          </ActionIcon>
        </Tooltip>
        <Tooltip label="Whole image">
          <ActionIcon aria-label="Whole image" disabled={zoom === 1} onClick={() => setZoom(1)}>
            <IconZoomReset size={17} stroke={1.6} />
          </ActionIcon>
        </Tooltip>
      </div>
      {/* A scrolling part of a page can be reached, and scrolled, with the keyboard. */}
      <div className={classes.imageBox} tabIndex={0} role="region" aria-label={name}>
        <img
          src={url}
          alt={name}
          className={classes.image}
          style={
            zoom === 1
              ? undefined
              : { maxWidth: "none", maxHeight: "none", width: `${zoom * 100}%` }
          }
          onError={() => setIsBroken(true)}
        />
      </div>
    </>
  );
}
