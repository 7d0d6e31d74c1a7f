import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { absentServer, fakeServer } from "@/testing/fake-server";

import { ApiError, get, post, serverUrl } from "./http";

beforeEach(() => {
  vi.stubGlobal("document", { baseURI: "http://host/prefix/?x=1#/experiments" });
});
afterEach(() => vi.unstubAllGlobals());

it("finds the server under its prefix, whatever page is open", () => {
  expect(serverUrl("api/runs", { run_id: "a b" })).toBe("http://host/prefix/api/runs?run_id=a+b");
});

describe("a refused call", () => {
  it("says what the server said, and where in the filter", async () => {
    const body = {
      error_code: "INVALID_PARAMETER_VALUE",
      message: "Expected a value.",
      details: { position: 14, length: 2 },
    };
    fakeServer({ "prefix/api/search": { status: 400, body } });

    const refused = post("api/search", {});

    await expect(refused).rejects.toMatchObject({
      message: "Expected a value.",
      status: 400,
      code: "INVALID_PARAMETER_VALUE",
      place: { position: 14, length: 2 },
    });
  });

  it("says the status where something else answered", async () => {
    vi.stubGlobal(
      "fetch",
      async () => new Response("<html>", { status: 502, statusText: "Bad Gateway" }),
    );

    await expect(get("api/run", {})).rejects.toThrow("The server answered 502 Bad Gateway");
  });

  it("says that the server cannot be reached", async () => {
    absentServer();

    await expect(get("api/run", {})).rejects.toEqual(
      new ApiError("The server cannot be reached.", 0, "UNREACHABLE"),
    );
  });
});
