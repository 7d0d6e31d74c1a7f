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
 * A plot as one SVG file: the canvases and the SVG of the page, one over the other.
 *
 * @param title Above it, or null for none.
 */
export function plotSvg(root: HTMLElement, title: string | null): string {
  const plot = root.matches("[data-plot]") ? root : root.querySelector<HTMLElement>("[data-plot]");
  if (plot === null) throw new Error("There is no plot to download.");
  const bounds = plot.getBoundingClientRect();
  const parts = [...plot.querySelectorAll("canvas, svg")]
    .filter((element) => element.closest("[data-not-saved]") === null)
    .filter((element) => !(element.parentElement?.closest("svg") ?? false))
    .map((element) => part(element, bounds));
  const head = title === null ? 0 : HEAD;
  const [width, height] = [Math.ceil(bounds.width), Math.ceil(bounds.height) + head];
  const markup = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="${FONT}">
<rect width="${width}" height="${height}" fill="var(--surface-raised)"/>
${title === null ? "" : `<text x="12" y="20" font-size="13" font-weight="600" fill="var(--text)">${escaped(title)}</text>`}
<g transform="translate(0 ${head})">
${parts.join("\n")}
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
