import { Slider } from "@mantine/core";
import { useState } from "react";

import { Panel } from "@/components/panel";

import type { MediaSeries } from "../media-series";
import { HistogramView } from "./histogram-view";
import { MediaView } from "./media-view";
import classes from "./media-gallery.module.css";

/** One series: its items of one step, at first the last, which follows a run that goes on. */
export function MediaCard({ series }: { series: MediaSeries }) {
  const [chosen, setChosen] = useState<number | null>(null);
  const { key, steps, itemsOfSteps } = series;
  const last = steps.length - 1;
  const at = chosen === null ? last : Math.min(chosen, last);
  const items = itemsOfSteps[at] ?? [];

  return (
    <div className={classes.card}>
      <Panel title={key} tools={<span className={classes.step}>step {steps[at]}</span>}>
        {series.kind === "histogram" ? (
          <HistogramView series={series} at={at} />
        ) : (
          <div className={classes.items}>
            {items.map((item) => (
              <figure key={item.path} className={classes.item}>
                <MediaView item={item} />
                {item.caption !== "" && <figcaption>{item.caption}</figcaption>}
              </figure>
            ))}
          </div>
        )}
        {last > 0 && (
          <Slider
            size="sm"
            min={0}
            max={last}
            value={at}
            label={(index) => `step ${steps[index]}`}
            thumbLabel={`Step of ${key}`}
            onChange={(index) => setChosen(index === last ? null : index)}
          />
        )}
      </Panel>
    </div>
  );
}
