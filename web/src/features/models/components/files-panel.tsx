import { useQuery } from "@tanstack/react-query";

import { getVersionFileText, listModelFiles, versionFileUrl } from "@/api/logged-models";
import { listFindings } from "@/api/promotions";
import type { ModelVersion } from "@/api/registry";
import { CopyButton } from "@/components/copy-button";
import { KeyValueTable } from "@/components/key-value-table";
import { Panel } from "@/components/panel";
import { TableSkeleton } from "@/components/table-skeleton";
import { formatBytes } from "@/lib/format";
import { manifestFiles, pickleNames, provenanceFacts, signerOf } from "@/lib/model-files";

import classes from "./models.module.css";

/** The files of a version with their digests, whether one runs code, who signed them, and what made them. */
export function FilesPanel({ version: { name, version, modelId } }: { version: ModelVersion }) {
  const manifest = useQuery(getVersionFileText(name, version, "manifest.json"));
  const signature = useQuery(getVersionFileText(name, version, "manifest.sigstore.json"));
  const provenance = useQuery(getVersionFileText(name, version, "provenance.json"));
  const listed = useQuery(listModelFiles(modelId)).data ?? [];
  const findings = useQuery(listFindings(name, version)).data ?? [];

  if (manifest.isPending || signature.isPending || provenance.isPending) {
    return <TableSkeleton rows={4} />;
  }
  const sealed = manifestFiles(manifest.data ?? "");
  const files =
    sealed ??
    listed
      .filter(({ isFolder }) => !isFolder)
      .map(({ path, sizeBytes }) => ({ path, sizeBytes, sha256: "" }));
  const pickles = pickleNames(files.map(({ path }) => path));
  const scan = findings.find(({ what }) => what === "format");
  const signer = signerOf(signature.data ?? "");
  const facts = provenanceFacts(provenance.data ?? "");
  return (
    <>
      <Panel
        title="Files"
        count={files.length}
        tools={
          <span className={classes.chips}>
            {pickles.length > 0 && (
              <span
                className={classes.badge}
                data-verdict="fail"
                title={`${pickles.join(", ")}: runs code when it is loaded`}
              >
                pickle
              </span>
            )}
            <span className={classes.badge} data-verdict={sealed === null ? undefined : "pass"}>
              {sealed === null ? "no manifest" : "sealed by a manifest"}
            </span>
            <span className={classes.badge} data-verdict={signer === "" ? undefined : "pass"}>
              {signer === "" ? "not signed" : `signed by ${signer}`}
            </span>
          </span>
        }
      >
        {pickles.length > 0 && (
          <p className={classes.hint}>
            A pickle runs code when it is loaded. {scan?.summary ?? "Nobody has scanned it yet."}
          </p>
        )}
        {files.length === 0 ? (
          <p className={classes.hint}>The files are not kept here.</p>
        ) : (
          <div className={classes.wrap} role="group" aria-label="Files" tabIndex={0}>
            <table className={classes.table} aria-label="Files">
              <thead>
                <tr>
                  <th scope="col">File</th>
                  <th scope="col">Size</th>
                  <th scope="col">SHA-256</th>
                </tr>
              </thead>
              <tbody>
                {files.map(({ path, sizeBytes, sha256 }) => (
                  <tr key={path}>
                    <td>
                      <a href={versionFileUrl(name, version, path)} download>
                        {path}
                      </a>
                    </td>
                    <td className={classes.soft}>
                      {sizeBytes === null ? "" : formatBytes(sizeBytes)}
                    </td>
                    <td className={classes.digest}>
                      {sha256 !== "" && (
                        <>
                          <code title={sha256}>{sha256.slice(0, 12)}…</code>
                          <CopyButton text={sha256} label={`Copy the digest of ${path}`} />
                        </>
                      )}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </Panel>
      {facts.length > 0 && (
        <Panel title="Provenance">
          <KeyValueTable label="Provenance" rows={facts} hasShortKeys empty="" />
        </Panel>
      )}
    </>
  );
}
