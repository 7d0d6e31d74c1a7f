import { useQueryClient } from "@tanstack/react-query";

import {
  deleteVersionTag,
  describeVersion,
  setVersionTag,
  type ModelVersion,
} from "@/api/registry";
import { NotePanel } from "@/components/note-panel";
import { TagsPanel } from "@/components/tags-panel";

/** What people wrote of a version: its card, and its tags. */
export function AboutVersion({ version }: { version: ModelVersion }) {
  const queries = useQueryClient();
  const refresh = () => queries.invalidateQueries({ queryKey: ["registry"] });

  return (
    <>
      <NotePanel
        title="Card"
        note={version.description}
        placeholder="What is new in it, and what is it not to be used for? Markdown is understood."
        none="Nobody has written a card yet. `fluvial models card` writes one from the run and the data."
        onSave={async (markdown) => {
          await describeVersion(version, markdown);
          await refresh();
        }}
      />
      <TagsPanel
        tags={Object.entries(version.tags)}
        none="This version has no tags."
        onSet={async (key, value) => {
          await setVersionTag(version, key, value);
          await refresh();
        }}
        onDelete={async (key) => {
          await deleteVersionTag(version, key);
          await refresh();
        }}
      />
    </>
  );
}
