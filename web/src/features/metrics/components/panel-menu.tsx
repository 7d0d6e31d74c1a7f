import { ActionIcon } from "@mantine/core";
import {
  IconArrowsMaximize,
  IconCode,
  IconDotsVertical,
  IconDownload,
  IconEyeOff,
  IconFileText,
  IconLink,
  IconPencil,
  IconRestore,
  IconTrash,
} from "@tabler/icons-react";
import { useState, type RefObject } from "react";

import { Tooltip } from "@/components/tooltip";
import { Menu } from "@/components/menu";
import type { ChartHandle, ChartQuery } from "@/charts/define-chart";
import { hasPlot, plotPng, plotSvg } from "@/components/plot/plot-image";
import { notifyError } from "@/components/notify";
import { loaded } from "@/components/loaded";
import { download, fileName } from "@/lib/download";

import type { Panel } from "../panel-sections";
import classes from "./metric-charts.module.css";

const QueryDialog = loaded(async () => (await import("./query-dialog")).QueryDialog);

interface PanelMenuProps {
  panel: Panel;
  /** Where the chart is on the page. */
  body: RefObject<HTMLElement | null>;
  handle: ChartHandle;
  /** The panel as a block of a report. */
  asReport?: () => Promise<string>;
  onFull?: () => void;
  onEdit?: () => void;
  onRemove?: () => void;
  onReset?: () => void;
}

/** What can be done with a panel. */
export function PanelMenu(props: PanelMenuProps) {
  const { panel, body, handle, asReport, onFull, onEdit, onRemove, onReset } = props;
  const [query, setQuery] = useState<string | null>(null);
  // What a chart can give is known when the menu opens.
  const [gives, setGives] = useState({ image: false, csv: false, query: false });

  const look = () =>
    setGives({
      image: body.current !== null && hasPlot(body.current),
      csv: handle.csv !== undefined,
      query: handle.query !== undefined,
    });
  const save = async (kind: "png" | "svg" | "csv") => {
    const root = body.current;
    if (root === null) return;
    const name = fileName(panel.title, kind);
    if (kind === "csv") download(new Blob([handle.csv?.() ?? ""], { type: "text/csv" }), name);
    else if (kind === "png") download(await plotPng(root, panel.title), name);
    else download(new Blob([plotSvg(root, panel.title)], { type: "image/svg+xml" }), name);
  };
  const onSave = (kind: "png" | "svg" | "csv") => () => void save(kind).catch(notifyError);

  return (
    <>
      {onFull !== undefined && (
        <Tooltip label="Full screen">
          <ActionIcon
            size="sm"
            className={classes.cardTool}
            aria-label={`Show ${panel.title} in full screen`}
            onClick={onFull}
          >
            <IconArrowsMaximize size={14} stroke={1.6} />
          </ActionIcon>
        </Tooltip>
      )}
      <Menu position="bottom-end" width={210} onChange={look}>
        <Menu.Target>
          <ActionIcon size="sm" className={classes.cardTool} aria-label={`More for ${panel.title}`}>
            <IconDotsVertical size={14} stroke={1.6} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {onEdit !== undefined && (
            <Menu.Item leftSection={<IconPencil size={14} />} onClick={onEdit}>
              Edit
            </Menu.Item>
          )}
          <Menu.Item
            leftSection={<IconLink size={14} />}
            onClick={() => void navigator.clipboard.writeText(linkTo(panel.id)).catch(notifyError)}
          >
            Copy link to it
          </Menu.Item>
          {asReport !== undefined && (
            <Menu.Item
              leftSection={<IconFileText size={14} />}
              onClick={() =>
                void asReport()
                  .then((text) => navigator.clipboard.writeText(text))
                  .catch(notifyError)
              }
            >
              Copy for a report
            </Menu.Item>
          )}
          {gives.query && (
            <Menu.Item
              leftSection={<IconCode size={14} />}
              onClick={() => setQuery(queryText(handle))}
            >
              Show the query behind it
            </Menu.Item>
          )}
          <Menu.Divider />
          {gives.image && (
            <Menu.Item leftSection={<IconDownload size={14} />} onClick={onSave("png")}>
              Download PNG
            </Menu.Item>
          )}
          {gives.image && (
            <Menu.Item leftSection={<IconDownload size={14} />} onClick={onSave("svg")}>
              Download SVG
            </Menu.Item>
          )}
          {gives.csv && (
            <Menu.Item leftSection={<IconDownload size={14} />} onClick={onSave("csv")}>
              Download CSV
            </Menu.Item>
          )}
          {(onReset !== undefined || onRemove !== undefined) && <Menu.Divider />}
          {onReset !== undefined && panel.metric !== null && (
            <Menu.Item leftSection={<IconRestore size={14} />} onClick={onReset}>
              As it was at first
            </Menu.Item>
          )}
          {onRemove !== undefined && (
            <Menu.Item
              leftSection={
                panel.metric === null ? <IconTrash size={14} /> : <IconEyeOff size={14} />
              }
              onClick={onRemove}
            >
              {panel.metric === null ? "Remove" : "Hide"}
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      {query !== null && (
        <QueryDialog title={panel.title} query={query} onClose={() => setQuery(null)} />
      )}
    </>
  );
}

function queryText(handle: ChartHandle): string {
  return (handle.query?.() ?? []).map(curlText).join("\n");
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

function curlText({ path, body }: ChartQuery): string {
  const url = quoted(new URL(path, document.baseURI).href);
  if (body === undefined) return `curl -s ${url}`;
  return `curl -s ${url} \\
  -H 'Content-Type: application/json' \\
  -d ${quoted(JSON.stringify(body, null, 2))}`;
}

/** This page with the panel in full screen. */
function linkTo(id: string): string {
  const url = new URL(location.href);
  const [path = "", query = ""] = url.hash.slice(1).split("?");
  const search = new URLSearchParams(query);
  search.set("panel", id);
  url.hash = `${path}?${search.toString()}`;
  return url.href;
}
