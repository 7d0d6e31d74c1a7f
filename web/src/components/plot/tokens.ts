/** The value of a design token, for what is drawn on a canvas. */
export function token(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/** A colour token's red, green and blue, for what is drawn pixel by pixel. */
export function tokenRgb(name: string): [number, number, number] {
  const hex = token(name).replace("#", "");
  return [0, 2, 4].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)) as [
    number,
    number,
    number,
  ];
}

/**
 * A sequential palette with ascending lightness that colour-blind people can read as well, from dark
 * violet over green to yellow: samples of "viridis" (van der Walt and Smith, 2015, CC0).
 */
const VIRIDIS = [
  "#440154",
  "#482878",
  "#3e4989",
  "#31688e",
  "#26828e",
  "#1f9e89",
  "#35b779",
  "#6ece58",
  "#b5de2b",
  "#fde725",
].map((hex) => [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)));

/** The colour at a fraction of the sequential palette. */
export function sequentialRgb(fraction: number): [number, number, number] {
  const place = Math.min(1, Math.max(0, fraction)) * (VIRIDIS.length - 1);
  const left = Math.min(Math.floor(place), VIRIDIS.length - 2);
  const [from = [], to = []] = [VIRIDIS[left], VIRIDIS[left + 1]];
  return [0, 1, 2].map((part) => {
    const [a, b] = [from[part] ?? 0, to[part] ?? 0];
    return Math.round(a + (b - a) * (place - left));
  }) as [number, number, number];
}

export function sequentialColor(fraction: number): string {
  return `rgb(${sequentialRgb(fraction).join(" ")})`;
}
