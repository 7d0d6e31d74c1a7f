/** The order of a table by several columns: `metrics.loss DESC`, `params.model ASC`, the first one first. */

export type Direction = "ASC" | "DESC";

export function directionOf(orderKey: string, order: readonly string[]): Direction | null {
  if (order.includes(`${orderKey} ASC`)) return "ASC";
  return order.includes(`${orderKey} DESC`) ? "DESC" : null;
}

/** Its place among the columns that are ordered by, from 1, where there are several. */
export function rankOf(orderKey: string, order: readonly string[]): number | null {
  const at = order.findIndex((one) => one === `${orderKey} ASC` || one === `${orderKey} DESC`);
  return at === -1 || order.length < 2 ? null : at + 1;
}

/**
 * The order after a click on a column: by it, then the other way round, then without it.
 *
 * @param first The direction of the first click.
 * @param keepsOthers Whether the other columns stay in the order.
 */
export function nextOrder(
  orderKey: string,
  order: readonly string[],
  first: Direction,
  keepsOthers: boolean,
): string[] {
  const direction = directionOf(orderKey, order);
  const next = direction === null ? first : direction === first ? opposite(first) : null;
  return withOrder(orderKey, keepsOthers ? order : onlyOf(orderKey, order), next);
}

/** The order with a column in another direction, at its place or last; null takes it out. */
export function withOrder(
  orderKey: string,
  order: readonly string[],
  direction: Direction | null,
): string[] {
  const isOwn = (one: string) => one === `${orderKey} ASC` || one === `${orderKey} DESC`;
  if (direction === null) return order.filter((one) => !isOwn(one));
  const next = `${orderKey} ${direction}`;
  return order.some(isOwn) ? order.map((one) => (isOwn(one) ? next : one)) : [...order, next];
}

function onlyOf(orderKey: string, order: readonly string[]): string[] {
  const direction = directionOf(orderKey, order);
  return direction === null ? [] : [`${orderKey} ${direction}`];
}

function opposite(direction: Direction): Direction {
  return direction === "ASC" ? "DESC" : "ASC";
}

/** The field and the direction of one column's order; an order that names none is ascending. */
export function splitOrder(order: string): [field: string, direction: Direction] {
  const [, field = "", direction = ""] = /^(.*?)(?:\s+(asc|desc))?$/is.exec(order.trim()) ?? [];
  return [field, direction.toUpperCase() === "DESC" ? "DESC" : "ASC"];
}
