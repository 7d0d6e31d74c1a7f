import { expect, it } from "vitest";

import { commitUrl, repositoryUrl } from "./source-links";

const COMMIT = "9f3c1a7d5b2e4f609f3c1a7d5b2e4f609f3c1a7d";

it.each([
  ["git@github.com:acme/vision.git", `https://github.com/acme/vision/commit/${COMMIT}`],
  ["https://***@github.com/acme/vision", `https://github.com/acme/vision/commit/${COMMIT}`],
  [
    "ssh://git@gitlab.acme.org:2222/ml/team/vision.git",
    `https://gitlab.acme.org/ml/team/vision/-/commit/${COMMIT}`,
  ],
  ["https://bitbucket.org/acme/vision.git", `https://bitbucket.org/acme/vision/commits/${COMMIT}`],
  [
    "git@ssh.dev.azure.com:v3/acme/ml/vision",
    `https://dev.azure.com/acme/ml/_git/vision/commit/${COMMIT}`,
  ],
])("links the commit of %s", (remote, url) => {
  expect(commitUrl(remote, COMMIT)).toBe(url);
});

it.each(["/srv/git/vision.git", "../vision", "file:///srv/vision", "git@nas.local:vision.git", ""])(
  "links nothing for %s",
  (remote) => {
    expect(commitUrl(remote, COMMIT)).toBeNull();
    expect(repositoryUrl(remote)).toBeNull();
  },
);

it("links nothing that is no commit", () => {
  expect(commitUrl("git@github.com:acme/vision.git", "main')")).toBeNull();
});
