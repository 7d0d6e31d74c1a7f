import { useQueryClient } from "@tanstack/react-query";

import { deleteModelTag, describeModel, setModelTag, type RegisteredModel } from "@/api/registry";
import { NotePanel } from "@/components/note-panel";
import { TagsPanel } from "@/components/tags-panel";

import classes from "./models.module.css";

/** What people wrote of a model. */
export function AboutModel({ model }: { model: RegisteredModel }) {
  const { name, description, tags } = model;
  const queries = useQueryClient();
  const refresh = () => queries.invalidateQueries({ queryKey: ["registry"] });

  return (
    <div className={classes.stack}>
      <NotePanel
        title="Description"
        note={description}
        placeholder="What is it for, what does it take, who answers for it? Markdown is understood."
        none="What is it for, and who answers for it? Nobody has written it down yet."
        onSave={async (markdown) => {
          await describeModel(name, markdown);
          await refresh();
        }}
      />
      <TagsPanel
        tags={Object.entries(tags)}
        none="This model has no tags."
        onSet={async (key, value) => {
          await setModelTag(name, key, value);
          await refresh();
        }}
        onDelete={async (key) => {
          await deleteModelTag(name, key);
          await refresh();
        }}
      />
    </div>
  );
}
