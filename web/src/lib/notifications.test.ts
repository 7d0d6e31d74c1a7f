import { expect, it } from "vitest";

import { countUnread } from "./notifications";

it("counts what waits until it is done, and what was decided until it has been seen", () => {
  const found = {
    waiting: [{}],
    decided: [{ decided_timestamp: 10 }, { decided_timestamp: 30 }],
    failing: [{}],
  };

  expect(countUnread(found, 0)).toBe(3);
  expect(countUnread(found, 20)).toBe(2);
  expect(countUnread(found, 30)).toBe(1);
});
