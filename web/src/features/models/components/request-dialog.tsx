import { Button, Group, Modal, Select, Stack, Textarea, TextInput } from "@mantine/core";
import { useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState, type SubmitEvent } from "react";
import { parse } from "yaml";

import { createRequest, getPolicy, type PromotionRequest } from "@/api/promotions";
import { getModel, listVersions } from "@/api/registry";
import { useUserName } from "@/components/user-name";
import { YourName } from "@/components/your-name";
import { describeGuard, guardsOf, type Place, type Target } from "@/lib/policy";

import classes from "./models.module.css";

interface RequestDialogProps {
  name: string;
  /** The version that is chosen at first; "" for the newest. */
  version: string;
  onCreated: (request: PromotionRequest) => void;
  onClose: () => void;
}

const STAGES = ["Staging", "Production", "Archived"];
const ANOTHER = "another alias";

/** Asks that a version may stand somewhere, and says what that takes. */
export function RequestDialog({ name, version, onCreated, onClose }: RequestDialogProps) {
  const queries = useQueryClient();
  const user = useUserName();
  const model = useQuery(getModel(name)).data;
  const policy = useQuery(getPolicy(name)).data;
  const versions = useInfiniteQuery(listVersions(name)).data?.pages.flatMap((one) => one.versions);
  const [wanted, setWanted] = useState(version);
  const [chosen, setChosen] = useState("");
  const [alias, setAlias] = useState("");
  const [reason, setReason] = useState("");
  const [error, setError] = useState("");
  const [isBusy, setIsBusy] = useState(false);

  const guards = guardsOf(parse(policy?.text ?? ""));
  const groups = placesOf(guards, Object.keys(model?.aliases ?? {}), policy?.states ?? []);
  const picked = chosen === "" ? (groups[0]?.items[0] ?? ANOTHER) : chosen;
  const place = picked === ANOTHER ? { target: "alias" as const, key: alias.trim() } : read(picked);
  const guard = guards.find(({ target, key }) => target === place.target && key === place.key);
  const numbers = versions?.map((one) => one.version) ?? [];
  const number = wanted === "" ? (numbers[0] ?? "") : wanted;

  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    setIsBusy(true);
    try {
      const request = await createRequest({ name, version: number, ...place, reason });
      await queries.invalidateQueries({ queryKey: ["registry"] });
      onCreated(request);
    } catch (refusal) {
      setError(refusal instanceof Error ? refusal.message : String(refusal));
      setIsBusy(false);
    }
  };
  return (
    <Modal opened onClose={onClose} title={`Promote a version of ${name}`} size="md">
      <Stack gap="md">
        <YourName />
        <form onSubmit={(event) => void submit(event)}>
          <Stack gap="sm">
            <Select
              label="Version"
              data={numbers.map((one) => ({ value: one, label: `Version ${one}` }))}
              value={number}
              allowDeselect={false}
              searchable
              onChange={(value) => setWanted(value ?? "")}
            />
            <Select
              label="Where it is to stand"
              data={groups}
              value={picked}
              allowDeselect={false}
              onChange={(value) => setChosen(value ?? "")}
            />
            {picked === ANOTHER && (
              <TextInput
                label="Name of the alias"
                value={alias}
                onChange={(event) => setAlias(event.currentTarget.value)}
              />
            )}
            <p className={classes.hint}>{describeGuard(guard)}</p>
            <Textarea
              label="Why"
              description="Reviewers read it, and the history keeps it."
              autosize
              minRows={2}
              value={reason}
              error={error === "" ? undefined : error}
              onChange={(event) => {
                setReason(event.currentTarget.value);
                setError("");
              }}
            />
            <Group justify="flex-end">
              <Button variant="default" onClick={onClose}>
                Cancel
              </Button>
              <Button
                type="submit"
                loading={isBusy}
                disabled={user === "" || number === "" || place.key === ""}
              >
                {(guard?.approvals ?? 0) > 0 ? "Ask for it" : "Promote"}
              </Button>
            </Group>
          </Stack>
        </form>
      </Stack>
    </Modal>
  );
}

/** Guarded places first: these are what requests are for. */
function placesOf(guards: readonly Place[], aliases: readonly string[], states: readonly string[]) {
  const guarded = guards.map(({ target, key }) => `${target} ${key}`);
  const rest = (target: Target, keys: readonly string[]) =>
    keys.map((key) => `${target} ${key}`).filter((place) => !guarded.includes(place));
  return [
    { group: "Guarded by the policy", items: guarded },
    { group: "Aliases", items: [...rest("alias", aliases), ANOTHER] },
    { group: "States", items: rest("state", states) },
    { group: "Stages", items: rest("stage", STAGES) },
  ].filter(({ items }) => items.length > 0);
}

function read(place: string): Place {
  const [target = "", ...key] = place.split(" ");
  return { target: target as Target, key: key.join(" ") };
}
