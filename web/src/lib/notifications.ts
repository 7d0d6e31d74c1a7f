/** What of somebody's notifications they have not dealt with. */

interface Decided {
  decided_timestamp?: number | null;
}

interface Notified {
  waiting: readonly unknown[];
  decided: readonly Decided[];
  failing: readonly unknown[];
}

/** What waits counts until it is done; what was decided, until it has been seen. */
export function countUnread({ waiting, decided }: Notified, seenAt: number): number {
  return waiting.length + decided.filter((one) => isNew(one, seenAt)).length;
}

/** @param seenAt Until when it was seen, ms since the epoch. */
export function isNew({ decided_timestamp: at }: Decided, seenAt: number): boolean {
  return typeof at === "number" && at > seenAt;
}
