import { expect, it } from "vitest";

import { continueCode, forkCode, reproduceScript } from "./run-code";

const RUN = {
  id: "ab".repeat(16),
  params: {},
  tags: {
    "mlflow.source.git.repoURL": "git@github.com:acme/vision.git",
    "mlflow.source.git.commit": "9f3c1a7",
    "fluvial.python": "CPython 3.11.4",
    "fluvial.command": "python train.py --lr 0.1",
    "fluvial.env.CUDA_VISIBLE_DEVICES": "0 1",
    "fluvial.seed.numpy": "7",
  },
};
const URI = "http://localhost:5000/";

it("brings back code, environment and command line", () => {
  const script = reproduceScript(RUN, { hasLock: true, hasDiff: true, hasUntracked: false }, URI);

  expect(script).toContain(
    "git clone git@github.com:acme/vision.git code && cd code\ngit checkout 9f3c1a7",
  );
  expect(script).toContain("git apply uncommitted.diff");
  expect(script).toContain("python3.11 -m venv .venv");
  expect(script).toContain("export CUDA_VISIBLE_DEVICES='0 1'");
  expect(script).toContain("numpy 7");
  expect(script.endsWith("python train.py --lr 0.1")).toBe(true);
});

it("quotes what would be more than one word of a shell", () => {
  const tags = { ...RUN.tags, "mlflow.source.git.commit": "x; rm -rf ~ '" };

  expect(
    reproduceScript({ ...RUN, tags }, { hasLock: false, hasDiff: false, hasUntracked: false }, URI),
  ).toContain("git checkout 'x; rm -rf ~ '\\'''");
});

it("says so where the run says nothing", () => {
  const bare = { ...RUN, tags: {} };

  expect(reproduceScript(bare, { hasLock: false, hasDiff: false, hasUntracked: false }, URI))
    .toMatchInlineSnapshot(`
    "# The run says no commit: put its code here yourself.

    # The run does not say its command line."
  `);
});

it("goes on by the key where the run has one", () => {
  expect(continueCode(RUN, URI)).toContain(`start_run(run_id="${RUN.id}")`);
  expect(continueCode({ ...RUN, tags: { "fluvial.key": "job-7" } }, URI)).toContain(
    'resume("job-7")',
  );
  expect(forkCode(RUN, 49, URI)).toContain("step=49)");
});
