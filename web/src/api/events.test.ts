import { afterEach, beforeEach, expect, it, vi } from "vitest";

import { ANYTHING, watchChanges, type Change, type LiveStatus } from "./events";

const sources: FakeSource[] = [];

class FakeSource extends EventTarget {
  isOpen = true;

  constructor(readonly url: string) {
    super();
    sources.push(this);
  }

  close() {
    this.isOpen = false;
  }

  say(type: string, data: unknown = {}) {
    this.dispatchEvent(new MessageEvent(type, { data: JSON.stringify(data) }));
  }
}

function watch() {
  const changes: Change[] = [];
  const statuses: LiveStatus[] = [];
  const versions: string[] = [];
  const { stop, reconnect } = watchChanges(
    { experimentId: "7" },
    {
      onChange: (change) => changes.push(change),
      onStatus: (status, version) => {
        statuses.push(status);
        if (version !== undefined) versions.push(version);
      },
    },
  );
  return { changes, statuses, versions, stop, reconnect };
}

beforeEach(() => {
  sources.length = 0;
  vi.useFakeTimers();
  vi.stubGlobal("EventSource", FakeSource);
  vi.stubGlobal("document", { baseURI: "http://host/" });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it("listens to its experiment and hands changes on", () => {
  const { changes, statuses } = watch();
  const change = { experiment_id: "7", run_id: "r", kinds: ["metrics"] };

  sources[0]?.say("hello");
  sources[0]?.say("change", change);

  expect(sources[0]?.url).toBe("http://host/api/1.0/fluvial/events?experiment_id=7");
  expect(changes).toEqual([change]);
  expect(statuses).toEqual(["connecting", "live"]);
});

it("connects again after a loss, waiting twice as long each time", () => {
  const { statuses } = watch();

  sources[0]?.say("error");
  vi.advanceTimersByTime(1000);
  sources[1]?.say("error");
  vi.advanceTimersByTime(1999);
  expect(sources.length).toBe(2);
  vi.advanceTimersByTime(1);

  expect(sources.length).toBe(3);
  expect(statuses.at(-1)).toBe("lost");
});

it("takes anything to have changed while it was away", () => {
  const { changes, versions } = watch();
  sources[0]?.say("hello", { version: "1.0" });

  sources[0]?.say("error");
  vi.advanceTimersByTime(1000);
  sources[1]?.say("hello", { version: "1.1" });

  expect(changes).toEqual([ANYTHING]);
  expect(versions).toEqual(["1.0", "1.1"]);
});

it("closes the connection and stays away when it is stopped", () => {
  const { stop } = watch();
  sources[0]?.say("error");

  stop();
  vi.advanceTimersByTime(60_000);

  expect(sources.map((source) => source.isOpen)).toEqual([false]);
});

it("tries at once when it is asked to", () => {
  const { statuses, reconnect } = watch();
  sources[0]?.say("error");

  reconnect();
  sources[1]?.say("hello");
  vi.advanceTimersByTime(60_000);

  expect(statuses.at(-1)).toBe("live");
  expect(sources.map((source) => source.isOpen)).toEqual([false, true]);
});
