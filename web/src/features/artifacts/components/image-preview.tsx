import { ActionIcon } from "@mantine/core";
import { IconPhotoOff, IconZoomIn, IconZoomOut, IconZoomReset } from "@tabler/icons-react";
import { useCallback, useState, type PointerEvent } from "react";

import { Tooltip } from "@/components/tooltip";
import { EmptyState } from "@/components/empty-state";

import classes from "./artifact-browser.module.css";

const STEP = 1.5;
const LARGEST = 16;

/** An image, at first as large as its place allows: the wheel with Ctrl zooms, dragging moves it. */
export function ImagePreview({ url, name }: { url: string; name: string }) {
  const [zoom, setZoom] = useState(1);
  const [isBroken, setIsBroken] = useState(false);
  // React's own listener is passive: it could not keep the page from zooming.
  const listen = useCallback((box: HTMLDivElement) => {
    const onWheel = (event: WheelEvent) => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      setZoom((before) => within(before * (event.deltaY < 0 ? 1.15 : 1 / 1.15)));
    };
    box.addEventListener("wheel", onWheel, { passive: false });
    return () => box.removeEventListener("wheel", onWheel);
  }, []);

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
          <ActionIcon aria-label="Larger" onClick={() => setZoom(within(zoom * STEP))}>
            <IconZoomIn size={17} stroke={1.6} />
          </ActionIcon>
        </Tooltip>
        <Tooltip label="Smaller">
          <ActionIcon
            aria-label="Smaller"
            disabled={zoom === 1}
            onClick={() => setZoom(within(zoom / STEP))}
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
      <div
        ref={listen}
        className={classes.imageBox}
        data-zoomed={zoom > 1 || undefined}
        tabIndex={0}
        role="region"
        aria-label={name}
        onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
        onPointerMove={drag}
      >
        <img
          src={url}
          alt={name}
          className={classes.image}
          draggable={false}
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

function within(zoom: number): number {
  return Math.min(LARGEST, Math.max(1, zoom));
}

function drag(event: PointerEvent<HTMLElement>): void {
  const box = event.currentTarget;
  if (box.hasPointerCapture(event.pointerId)) box.scrollBy(-event.movementX, -event.movementY);
}
