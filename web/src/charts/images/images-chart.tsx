import { Slider } from "@mantine/core";
import { useEffect, useState } from "react";

import { artifactUrl } from "@/api/artifacts";
import { mediaRequest } from "@/api/media";
import { csvText } from "@/lib/csv";
import { runColorVariable } from "@/lib/run-colors";

import { ChartEmpty, ChartFailed, ChartWaiting } from "../chart-states";
import type { ChartProps } from "../define-chart";
import { itemAt, useRunMedia } from "../run-media";
import classes from "./images-chart.module.css";
import type { ImagesOptions } from ".";

const FOOT = 42;

/** One image for each run, at the step of the slider. */
export function ImagesChart(props: ChartProps<ImagesOptions>) {
  const { title, scene, options, height, onOptions, onHandle } = props;
  const { found, isPending, error, retry } = useRunMedia(scene.runs, "image", options.name);
  const [draft, setDraft] = useState<number | null>(null);

  useEffect(
    () =>
      onHandle({
        csv: () =>
          csvText([
            ["run", "step", "path", "caption"],
            ...found.flatMap(({ run, items }) =>
              items.map(({ step, path, caption }) => [run.name, step, path, caption]),
            ),
          ]),
        query: () => found.map(({ run }) => mediaRequest(run.id)),
      }),
    [found, onHandle],
  );

  if (isPending) return <ChartWaiting height={height} />;
  if (error !== null) return <ChartFailed height={height} error={error} onRetry={retry} />;
  const steps = [...new Set(found.flatMap(({ items }) => items.map(({ step }) => step)))].sort(
    (a, b) => a - b,
  );
  const last = steps.at(-1);
  if (last === undefined) {
    return <ChartEmpty height={height}>None of these runs logged such an image</ChartEmpty>;
  }
  const step = draft ?? (options.step < 0 ? last : options.step);
  const place = Math.max(
    0,
    steps.findLastIndex((one) => one <= step),
  );
  return (
    <div style={{ height }}>
      <div
        className={classes.grid}
        style={{ height: height - FOOT }}
        role="region"
        aria-label={title}
        tabIndex={0}
      >
        {found.map(({ run, items }) => {
          const item = itemAt(items, step);
          return (
            <figure key={run.id} className={classes.one}>
              {item === null ? (
                <div className={classes.none}>not yet</div>
              ) : (
                <img
                  src={artifactUrl(item.runId === "" ? run.id : item.runId, item.path)}
                  alt={
                    item.caption === ""
                      ? `${item.key} of ${run.name} at step ${item.step}`
                      : item.caption
                  }
                  loading="lazy"
                />
              )}
              <figcaption title={item?.caption ?? ""}>
                <i style={{ background: runColorVariable(run.color) }} />
                {run.name}
                {item !== null && item.step !== step && ` · step ${item.step}`}
              </figcaption>
            </figure>
          );
        })}
      </div>
      <div className={classes.foot}>
        <span>step {steps[place] ?? step}</span>
        <Slider
          style={{ flex: 1 }}
          size="sm"
          aria-label={`Step of ${title}`}
          thumbLabel={`Step of ${title}`}
          min={0}
          max={Math.max(1, steps.length - 1)}
          disabled={steps.length < 2}
          label={(at) => steps[at]}
          value={place}
          onChange={(at) => setDraft(steps[at] ?? last)}
          onChangeEnd={(at) => {
            setDraft(null);
            onOptions({ step: at >= steps.length - 1 ? -1 : (steps[at] ?? last) });
          }}
        />
      </div>
    </div>
  );
}
