/** Web addresses of what a remote of git holds, for the hosts whose form of address is known. */

interface Remote {
  host: string;
  /** Owner and name, or a longer path; without `.git`. */
  path: string;
}

const SCP = /^(?:[^@/]+@)?([^:/]+):(?!\/)(.+)$/;

/** The page of a commit; null where the host, or how it names commits, is not known. */
export function commitUrl(remote: string, commit: string): string | null {
  const page = repositoryUrl(remote);
  const parsed = parseRemote(remote);
  if (page === null || parsed === null || !/^[0-9a-f]{7,64}$/i.test(commit)) return null;
  const { host } = parsed;
  if (host.includes("gitlab")) return `${page}/-/commit/${commit}`;
  if (host.includes("bitbucket")) return `${page}/commits/${commit}`;
  return `${page}/commit/${commit}`;
}

/** The page of the repository; null for a folder, or a host that is not known to have pages. */
export function repositoryUrl(remote: string): string | null {
  const parsed = parseRemote(remote);
  if (parsed === null) return null;
  const { host, path } = parsed;
  if (host === "ssh.dev.azure.com") {
    const [, organisation = "", project = "", name = ""] = path.split("/");
    return `https://dev.azure.com/${organisation}/${project}/_git/${name}`;
  }
  const isKnown =
    /(^|\.)(github|gitlab|bitbucket|codeberg|gitea|forgejo|sr\.ht|huggingface|dev\.azure)/;
  return isKnown.test(host) ? `https://${host}/${path}` : null;
}

function parseRemote(remote: string): Remote | null {
  const text = remote.trim();
  const scp = text.includes("://") ? null : SCP.exec(text);
  if (scp !== null) return cleaned(scp[1] ?? "", scp[2] ?? "");
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return null; // a path, or no address at all
  }
  if (!["http:", "https:", "ssh:", "git:"].includes(url.protocol)) return null;
  return cleaned(url.hostname, url.pathname);
}

function cleaned(host: string, path: string): Remote | null {
  const name = path.replace(/^\/+|\/+$/g, "").replace(/\.git$/, "");
  // It becomes part of a link: nothing that leads elsewhere may be in it.
  if (host === "" || name === "" || !/^[\w.~/@+-]+$/.test(name)) return null;
  return { host: host.toLowerCase(), path: name };
}
