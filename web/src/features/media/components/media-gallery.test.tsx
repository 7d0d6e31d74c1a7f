import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";

import { fakeServer } from "@/testing/fake-server";
import { renderPage } from "@/testing/render-page";

import { MediaGallery } from "./media-gallery";

const MEDIA = "api/1.0/fluvial/runs/media";

function image(step: number) {
  return {
    key: "sample",
    kind: "image",
    step,
    caption: `after ${step}`,
    path: `${step}.png`,
    run_id: "r1",
  };
}

it("shows the last step of a series first, and others by the slider", async () => {
  fakeServer({ [MEDIA]: { items: [image(1), image(5)] } });
  renderPage(<MediaGallery runId="r1" />);

  const shown = await screen.findByRole("img", { name: "after 5" });
  expect(shown.getAttribute("src")).toContain("run_id=r1&path=5.png");
  screen.getByRole("slider", { name: "Step of sample" }).focus();
  await userEvent.keyboard("{ArrowLeft}");

  expect(await screen.findByRole("img", { name: "after 1" })).toBeDefined();
  expect(screen.getAllByText("step 1").length).toBeGreaterThan(0);
});

it("shows a page without any rights", async () => {
  fakeServer({
    [MEDIA]: { items: [{ key: "page", kind: "html", path: "p.html", run_id: "r1" }] },
    "get-artifact": { script: 1 },
  });
  renderPage(<MediaGallery runId="r1" />);

  const frame = await screen.findByTitle("page at step 0");
  expect(frame.getAttribute("sandbox")).toBe("");
});

it("shows a distribution with how many values it has", async () => {
  const histogram = { edges: [0, 1, 2], counts: [3, 4], n_not_finite: 2 };
  fakeServer({ [MEDIA]: { items: [{ key: "weights", kind: "histogram", step: 7, histogram }] } });
  renderPage(<MediaGallery runId="r1" />);

  expect(await screen.findByRole("img", { name: "weights at step 7" })).toBeDefined();
  expect(screen.getByText(/0 to 2 · 7 values, 2 NaN or infinite/)).toBeDefined();
});

it("says how to log media where there are none", async () => {
  fakeServer({ [MEDIA]: {} });
  renderPage(<MediaGallery runId="r1" />);

  expect(await screen.findByText("No histograms or media")).toBeDefined();
});

it("says what the server said when the list cannot be read", async () => {
  fakeServer({ [MEDIA]: { status: 400, body: { message: "No such run." } } });
  renderPage(<MediaGallery runId="r1" />);

  expect(await screen.findByText(/No such run/)).toBeDefined();
});
