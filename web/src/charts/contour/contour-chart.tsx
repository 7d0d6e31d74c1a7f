import { useCallback, useMemo, useState } from "react";

import { plotArea } from "@/components/plot/plot-area";
import { PlotFrame } from "@/components/plot/plot-frame";
import { sequentialRgb } from "@/components/plot/tokens";
import { fieldTitle } from "@/lib/run-fields";

import { ChartEmpty, ChartFailed, ChartWaiting } from "../chart-states";
import { ColorKey } from "../color-key";
import type { ChartProps } from "../define-chart";
import {
  columnOf,
  columnScale,
  finiteExtent,
  useFields,
  useRunPoints,
  valueText,
} from "../run-points";
import { ValueTooltip } from "../value-tooltip";
import { cellMeans, interpolated, paintGrid } from "./grid";
import { valueCells } from "./value-cells";
import type { ContourOptions } from ".";

const MAX_RUNS = 2000;
const KEY_HEIGHT = 20;
const N_LEVELS = 10;

/** A value over two fields, by colour. */
export function ContourChart(props: ChartProps<ContourOptions>) {
  const { title, scene, options, width, height, onHandle } = props;
  const { x, y, z, shape } = options;
  const fields = useFields(x, y, z);
  const isChosen = x !== "" && y !== "" && z !== "";
  const query = useRunPoints(scene, isChosen ? fields : [], MAX_RUNS, onHandle);
  const values = query.data;
  const [near, setNear] = useState(-1);

  const found = useMemo(() => {
    if (values === undefined) return null;
    const [ofX, ofY, ofZ] = [columnOf(values, x), columnOf(values, y), columnOf(values, z)];
    if (ofX === undefined || ofY === undefined || ofZ === undefined) return null;
    const isCells = shape === "cells";
    const [ofColumns, ofRows] = [
      isCells ? valueCells(ofX) : null,
      isCells ? valueCells(ofY) : null,
    ];
    const xScale = ofColumns?.scale ?? columnScale(ofX, options.logX);
    const yScale = ofRows?.scale ?? columnScale(ofY, options.logY);
    const rows = values.runIds
      .map((_, row) => row)
      .filter((row) =>
        [xScale.at(ofX.numbers[row] ?? Number.NaN), yScale.at(ofY.numbers[row] ?? Number.NaN)]
          .concat(ofZ.numbers[row] ?? Number.NaN)
          .every(Number.isFinite),
      );
    const samples = {
      x: rows.map((row) => xScale.at(ofX.numbers[row] ?? 0)),
      y: rows.map((row) => yScale.at(ofY.numbers[row] ?? 0)),
      z: rows.map((row) => ofZ.numbers[row] ?? 0),
    };
    const fine = Math.max(6, Math.min(24, Math.round(Math.sqrt(rows.length))));
    const grid =
      shape === "contour"
        ? interpolated(samples, 96, 64)
        : cellMeans(samples, ofColumns?.n ?? fine, ofRows?.n ?? fine);
    return { rows, samples, grid, xScale, yScale };
  }, [values, x, y, z, shape, options.logX, options.logY]);
  const extent = useMemo(() => finiteExtent(found?.grid.values ?? []), [found]);
  const area = useMemo(
    () =>
      found === null
        ? null
        : plotArea({
            width,
            height: height - KEY_HEIGHT,
            x: found.xScale,
            y: found.yScale,
            hasXTitle: true,
            hasYTitle: true,
          }),
    [found, width, height],
  );
  const raster = useCallback(
    (across: number, down: number) => {
      const span = extent.high - extent.low || 1;
      const colorOf = (value: number) => {
        const share = (value - extent.low) / span;
        if (shape === "cells") return sequentialRgb(share);
        return sequentialRgb(Math.min(N_LEVELS - 1, Math.floor(share * N_LEVELS)) / (N_LEVELS - 1));
      };
      return found === null
        ? new Uint8ClampedArray(across * down * 4)
        : paintGrid(found.grid, across, down, colorOf);
    },
    [found, extent, shape],
  );

  if (!isChosen) return <ChartEmpty height={height}>Choose two axes and a colour</ChartEmpty>;
  if (query.isPending) return <ChartWaiting height={height} />;
  if (query.isError) {
    return <ChartFailed height={height} error={query.error} onRetry={() => void query.refetch()} />;
  }
  if (found === null || area === null || found.rows.length === 0) {
    return <ChartEmpty height={height}>No run has all three</ChartEmpty>;
  }
  const row = found.rows[near];
  return (
    <>
      <PlotFrame
        area={area}
        width={width}
        height={height - KEY_HEIGHT}
        label={`${title}: ${found.rows.length} runs`}
        xTitle={fieldTitle(x)}
        yTitle={fieldTitle(y)}
        raster={raster}
        overlay={
          row !== undefined && (
            <ValueTooltip
              area={area}
              left={(found.samples.x[near] ?? 0) * area.width}
              top={(1 - (found.samples.y[near] ?? 0)) * area.height}
              title={query.data.names[row] ?? ""}
              rows={query.data.columns.map((column) => [
                fieldTitle(column.field),
                valueText(column, row),
              ])}
            />
          )
        }
      >
        {found.rows.map((one, at) => (
          <circle
            key={one}
            cx={(found.samples.x[at] ?? 0) * area.width}
            cy={(1 - (found.samples.y[at] ?? 0)) * area.height}
            r={at === near ? 5 : 2.6}
            fill="#fff"
            stroke="#000"
            strokeOpacity="0.55"
            onPointerEnter={() => setNear(at)}
            onPointerLeave={() => setNear(-1)}
          />
        ))}
      </PlotFrame>
      <ColorKey field={z} colors={extent.low <= extent.high ? extent : null} />
    </>
  );
}
