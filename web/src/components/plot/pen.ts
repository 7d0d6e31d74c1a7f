/**
 * What marks are drawn with: a canvas, or an SVG that is written for a download. Only a canvas has fillRect:
 * it is drawn sooner than a path there, and takes more room than one in a file.
 */
export type Pen = Partial<Pick<CanvasRenderingContext2D, "fillRect">> &
  Pick<
    CanvasRenderingContext2D,
    | "arc"
    | "beginPath"
    | "closePath"
    | "fill"
    | "fillStyle"
    | "globalAlpha"
    | "lineTo"
    | "lineWidth"
    | "moveTo"
    | "rect"
    | "setLineDash"
    | "stroke"
    | "strokeStyle"
  >;

/** Writes what is drawn as SVG paths. */
export class SvgPen implements Pen {
  fillStyle: Pen["fillStyle"] = "#000";
  globalAlpha = 1;
  lineWidth = 1;
  strokeStyle: Pen["strokeStyle"] = "#000";
  private path: string[] = [];
  private dash: number[] = [];
  private readonly written: string[] = [];

  get markup(): string {
    return this.written.join("\n");
  }

  beginPath(): void {
    this.path = [];
  }

  moveTo(x: number, y: number): void {
    this.path.push(`M${short(x)} ${short(y)}`);
  }

  lineTo(x: number, y: number): void {
    this.path.push(`L${short(x)} ${short(y)}`);
  }

  closePath(): void {
    this.path.push("Z");
  }

  rect(x: number, y: number, width: number, height: number): void {
    this.path.push(`M${short(x)} ${short(y)}h${short(width)}v${short(height)}h${short(-width)}Z`);
  }

  /** A full circle: the only arc that marks are made of. */
  arc(x: number, y: number, radius: number): void {
    const r = short(radius);
    this.path.push(
      `M${short(x - radius)} ${short(y)}a${r} ${r} 0 1 0 ${short(2 * radius)} 0a${r} ${r} 0 1 0 ${short(-2 * radius)} 0`,
    );
  }

  setLineDash(dash: Iterable<number>): void {
    this.dash = [...dash];
  }

  stroke(): void {
    const dash = this.dash.length === 0 ? "" : ` stroke-dasharray="${this.dash.join(" ")}"`;
    this.write(
      `fill="none" stroke="${paint(this.strokeStyle)}" stroke-width="${this.lineWidth}" stroke-linejoin="round"${dash}`,
    );
  }

  fill(): void {
    this.write(`fill="${paint(this.fillStyle)}"`);
  }

  private write(look: string): void {
    const opacity = this.globalAlpha === 1 ? "" : ` opacity="${this.globalAlpha}"`;
    this.written.push(`<path d="${this.path.join("")}" ${look}${opacity}/>`);
  }
}

function short(value: number): string {
  return String(Math.round(value * 100) / 100);
}

function paint(style: Pen["fillStyle"]): string {
  return typeof style === "string" ? style : "none";
}
