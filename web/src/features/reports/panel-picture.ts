import { plotSvg } from "@/components/plot/plot-image";
import { token } from "@/components/plot/tokens";
import type { PictureBlock } from "@/lib/panel-data";

/** Where a chart of a report is on the page: the place of its part. */
export const CHART_MARK = "data-report-chart";

const MOST_WAIT_MS = 30_000;
const WAITING = "[role=status], [aria-busy=true], [data-drawn='0']";
const PARTS = "[data-plot], [data-legend], table, figure, p";
/** A screen that has the pixels shows images twice as fine. */
const RATIO = 2;

/**
 * What a chart on the page shows, as plain parts.
 *
 * Images come as data, tables and words as texts: a pinned report is read back from the database, and
 * nothing in it may become markup.
 */
export async function pictureOf(chart: HTMLElement): Promise<PictureBlock[]> {
  await whenDrawn(chart);
  const parts = [...chart.querySelectorAll<HTMLElement>(PARTS)].filter(
    (part) =>
      part.closest("[data-not-saved]") === null &&
      !(part.parentElement?.closest(PARTS) && chart.contains(part.parentElement.closest(PARTS))),
  );
  const blocks: PictureBlock[] = [];
  for (const part of parts) blocks.push(...(await blocksOf(part)));
  if (blocks.length > 0) return blocks;
  return [{ kind: "text", text: chart.innerText.trim() }];
}

async function blocksOf(part: HTMLElement): Promise<PictureBlock[]> {
  if (part.matches("[data-plot]")) return [plotBlock(part)];
  if (part.matches("[data-legend]")) return [legendBlock(part)];
  if (part.tagName === "FIGURE") return imageBlocks(part);
  if (part instanceof HTMLTableElement) return [tableBlock(part)];
  const text = part.innerText.trim();
  return text === "" ? [] : [{ kind: "text", text }];
}

function plotBlock(plot: HTMLElement): PictureBlock {
  const alt = plot.querySelector("[role=img]")?.getAttribute("aria-label") ?? "";
  const { width, height } = plot.getBoundingClientRect();
  const src = `data:image/svg+xml,${encodeURIComponent(plotSvg(plot, null))}`;
  return { kind: "image", src, alt, width: Math.ceil(width), height: Math.ceil(height) };
}

function legendBlock(legend: HTMLElement): PictureBlock {
  const entries = [...legend.querySelectorAll<HTMLElement>("[data-color]")].map((entry) => ({
    label: entry.textContent.trim(),
    color: resolved(entry.dataset["color"] ?? ""),
  }));
  return { kind: "legend", entries };
}

/** A picture is looked at where the page's tokens are not. */
function resolved(color: string): string {
  return color.replaceAll(/var\((--[\w-]+)\)/g, (_, name: string) => token(name));
}

function tableBlock(table: HTMLTableElement): PictureBlock {
  const [head, ...rows] = [...table.rows].map((row) => [...row.cells].map(cellText));
  return { kind: "table", head: head ?? [], rows };
}

/** A value that has changed is two in the table: "before → after". */
function cellText(cell: HTMLElement): string {
  const [before, after] = [cell.querySelector("del"), cell.querySelector("ins")];
  if (before !== null && after !== null) return `${before.innerText} → ${after.innerText}`;
  return cell.innerText.trim();
}

async function imageBlocks(figure: HTMLElement): Promise<PictureBlock[]> {
  const image = figure.querySelector("img");
  const caption = figure.querySelector("figcaption")?.innerText.trim() ?? "";
  if (image === null) return [{ kind: "text", text: caption }];
  image.loading = "eager";
  await image.decode();
  const { width, height } = image.getBoundingClientRect();
  const canvas = document.createElement("canvas");
  const scale = Math.min(1, (RATIO * width) / image.naturalWidth);
  canvas.width = Math.max(1, Math.round(image.naturalWidth * scale));
  canvas.height = Math.max(1, Math.round(image.naturalHeight * scale));
  canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
  const src = canvas.toDataURL("image/png");
  const alt = caption === "" ? image.alt : `${image.alt}: ${caption}`;
  return [
    { kind: "image", src, alt, width: Math.round(width), height: Math.round(height) },
    { kind: "text", text: caption },
  ];
}

/** Resolves once nothing in a chart waits any more. */
async function whenDrawn(chart: HTMLElement): Promise<void> {
  const until = performance.now() + MOST_WAIT_MS;
  let nQuiet = 0;
  while (nQuiet < 2) {
    await new Promise(requestAnimationFrame);
    nQuiet = chart.querySelector(WAITING) === null ? nQuiet + 1 : 0;
    if (performance.now() > until) throw new Error("A chart of the report is still loading.");
  }
}
