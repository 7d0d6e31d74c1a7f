import { SvgPen, type Pen } from "./pen";

/** How the content of a canvas is drawn, so that a download can have it as paths. */
const painters = new WeakMap<HTMLCanvasElement, (pen: Pen) => void>();

/** Tells what a canvas shows. A canvas of single pixels has no painter: it is taken as an image. */
export function setPainter(canvas: HTMLCanvasElement, paint: (pen: Pen) => void): void {
  painters.set(canvas, paint);
}

const FONT = "Inter, system-ui, sans-serif";
const HEAD = 30;

/** True if a part of the page has something that can be downloaded as an image. */
export function hasPlot(root: HTMLElement): boolean {
  return root.querySelector("[data-plot]") !== null;
}

/**
 * A chart as one SVG file: the canvases and the SVG of its plots, one over the other, their captions, and below them
 * the legend.
 *
 * @param title Above it, or null for none.
 */
export function plotSvg(root: HTMLElement, title: string | null): string {
  const plots = root.matches("[data-plot]") ? [root] : [...root.querySelectorAll("[data-plot]")];
  const [first] = plots;
  if (first === undefined) throw new Error("There is no plot to download.");
  const captions = [...root.querySelectorAll<HTMLElement>("[data-caption]")];
  const bounds = boundsOf([...plots, ...captions], first);
  const parts = plots
    .flatMap((plot) => Array.from(plot.querySelectorAll("canvas, svg")))
    .filter((element) => element.closest("[data-not-saved]") === null)
    .filter((element) => !(element.parentElement?.closest("svg") ?? false))
    .map((element) => part(element, bounds));
  const legend = legendPart(root, bounds);
  const head = title === null ? 0 : HEAD;
  const [width, height] = [
    Math.ceil(bounds.width),
    Math.ceil(bounds.height) + head + legend.height,
  ];
  const markup = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="${FONT}">
<rect width="${width}" height="${height}" fill="var(--surface-raised)"/>
${title === null ? "" : `<text x="12" y="20" font-size="13" font-weight="600" fill="var(--text)">${escaped(title)}</text>`}
<g transform="translate(0 ${head})">
${[...parts, ...captions.map((caption) => captionPart(caption, bounds)), legend.markup].join("\n")}
</g>
</svg>
`;
  const style = getComputedStyle(root);
  return markup.replaceAll(/var\((--[\w-]+)\)/g, (_, name: string) =>
    style.getPropertyValue(name).trim(),
  );
}

/** The same as a PNG, twice as large for screens that have the pixels. */
export async function plotPng(root: HTMLElement, title: string): Promise<Blob> {
  const url = URL.createObjectURL(new Blob([plotSvg(root, title)], { type: "image/svg+xml" }));
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const canvas = document.createElement("canvas");
    canvas.width = image.naturalWidth * 2;
    canvas.height = image.naturalHeight * 2;
    canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise((resolve, reject) => {
      canvas.toBlob((blob) =>
        blob === null ? reject(new Error("The image is too large to be saved.")) : resolve(blob),
      );
    });
  } finally {
    URL.revokeObjectURL(url);
  }
}

/** What several parts of the page take together. */
function boundsOf(elements: readonly Element[], first: Element): DOMRect {
  let { left, top, right, bottom } = first.getBoundingClientRect();
  for (const element of elements) {
    const one = element.getBoundingClientRect();
    [left, top] = [Math.min(left, one.left), Math.min(top, one.top)];
    [right, bottom] = [Math.max(right, one.right), Math.max(bottom, one.bottom)];
  }
  return new DOMRect(left, top, right - left, bottom - top);
}

function captionPart(caption: HTMLElement, bounds: DOMRect): string {
  const at = caption.getBoundingClientRect();
  return `<text x="${at.left - bounds.left + 14}" y="${at.top - bounds.top + 15}" font-size="11.5" fill="var(--text-soft)">${escaped(caption.dataset["caption"] ?? "")}</text>`;
}

const LEGEND_ROW = 17;
const LEGEND_SIDE = 14;
const LEGEND_GAP = 16;
const SWATCH = 16;
const CHARACTER = 6;

/** The legend's entries, as many to a row as fit. */
function legendPart(root: HTMLElement, bounds: DOMRect): { markup: string; height: number } {
  let [x, row] = [LEGEND_SIDE, 0];
  const markup: string[] = [];
  const add = (text: string, color: string | null) => {
    const width = text.length * CHARACTER + (color === null ? 0 : SWATCH);
    if (x > LEGEND_SIDE && x + width > bounds.width - LEGEND_SIDE)
      [x, row] = [LEGEND_SIDE, row + 1];
    const y = bounds.height + row * LEGEND_ROW + 13;
    if (color !== null) {
      markup.push(`<rect x="${x}" y="${y - 6}" width="12" height="4" rx="2" fill="${color}"/>`);
    }
    markup.push(
      `<text x="${x + (color === null ? 0 : SWATCH)}" y="${y}" font-size="11" fill="var(--text-soft)">${escaped(text)}</text>`,
    );
    x += width + LEGEND_GAP;
  };
  for (const legend of root.querySelectorAll<HTMLElement>("[data-legend]")) {
    if (legend.dataset["legend"]) add(legend.dataset["legend"], null);
    for (const entry of legend.querySelectorAll<HTMLElement>("[data-color]")) {
      add(entry.textContent.trim(), entry.dataset["color"] ?? "none");
    }
  }
  return {
    markup: markup.join("\n"),
    height: markup.length === 0 ? 0 : (row + 1) * LEGEND_ROW + 6,
  };
}

function part(element: Element, bounds: DOMRect): string {
  const at = element.getBoundingClientRect();
  const [x, y] = [at.left - bounds.left, at.top - bounds.top];
  if (element instanceof HTMLCanvasElement) {
    const paint = painters.get(element);
    if (paint === undefined) {
      return `<image x="${x}" y="${y}" width="${at.width}" height="${at.height}" href="${element.toDataURL()}"/>`;
    }
    const pen = new SvgPen();
    paint(pen);
    return `<svg x="${x}" y="${y}" width="${at.width}" height="${at.height}">${pen.markup}</svg>`;
  }
  const copy = element.cloneNode(true) as SVGElement;
  for (const unsaved of copy.querySelectorAll("[data-not-saved]")) unsaved.remove();
  copy.setAttribute("x", String(x));
  copy.setAttribute("y", String(y));
  copy.setAttribute("width", String(at.width));
  copy.setAttribute("height", String(at.height));
  for (const name of ["class", "style", "role", "aria-label", "tabindex"])
    copy.removeAttribute(name);
  return new XMLSerializer().serializeToString(copy);
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
