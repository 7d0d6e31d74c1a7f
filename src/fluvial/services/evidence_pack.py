"""Everything that an auditor asks about one version, in one file: a zip with JSON, and a page to read."""

from __future__ import annotations

import html
import io
import json
import zipfile
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec
import yaml

from fluvial.errors import InvalidRequest
from fluvial.services.context import Context
from fluvial.services.evidence import list_evidence, list_gates
from fluvial.services.lineage import find_lineage
from fluvial.services.logged_models import get_logged_model
from fluvial.services.model_signatures import NoSignature, read_mlmodel
from fluvial.services.model_sources import version_number
from fluvial.services.policies import get_policy
from fluvial.services.promotions import search_requests
from fluvial.services.registry_history import read_history
from fluvial.store import logged_models, model_versions
from fluvial.wire.lineage import FindLineage
from fluvial.wire.logged_models import LoggedModelId
from fluvial.wire.promotions import ListEvidence, ListGates, PolicyOf, SearchPromotionRequests
from fluvial.wire.registry_history import ReadRegistryHistory

ZIP, HTML = "zip", "html"
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the same facts make the same file
_STYLE = (
    "body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1a1a1a}"
    "table{border-collapse:collapse;width:100%;margin:.5rem 0 2rem}"
    "td,th{border:1px solid #ccc;padding:.3rem .5rem;text-align:left;vertical-align:top}"
    "td{overflow-wrap:anywhere}"
    "pre{background:#f5f5f5;padding:.75rem;overflow:auto}"
)


def pack(context: Context, name: str, version: str, kind: str) -> bytes:
    """The evidence pack of a version.

    Args:
        context: The call.
        name: The registered model.
        version: Its version.
        kind: `zip`, or `html` for the page alone.

    Raises:
        NotFound: No such version.
        InvalidRequest: There is no such kind.
    """
    if kind not in {ZIP, HTML}:
        raise InvalidRequest(f"An evidence pack is a {ZIP} or {HTML}, not {kind[:50]!r}.")
    facts = _facts(context, name, version)
    page = _page(name, version, facts, context.now_ms).encode()
    if kind == HTML:
        return page
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("index.html", _EPOCH), page)
        for part, value in facts.items():
            text = json.dumps(value, indent=2, ensure_ascii=False, sort_keys=True)
            archive.writestr(zipfile.ZipInfo(f"{part}.json", _EPOCH), text)
    return file.getvalue()


def _facts(context: Context, name: str, version: str) -> dict[str, Any]:
    row = model_versions.get(context.transaction, name, version_number(version))
    requests = SearchPromotionRequests(name=name, version=version, max_results=500)
    facts: dict[str, Any] = {
        "version": model_versions.as_entities(context.transaction, [row])[0],
        "policy": get_policy(context, PolicyOf(name=name)),
        "gates": list_gates(context, ListGates(name=name, version=version)).results,
        "evidence": list_evidence(context, ListEvidence(name=name, version=version)).evidence,
        "requests": search_requests(context, requests).requests,
        "history": read_history(
            context, ReadRegistryHistory(name=name, version=version, max_results=1000)
        ).events,
        "lineage": find_lineage(context, FindLineage(name=name, version=version)),
    }
    if row.model_id in logged_models.places(context.transaction, [row.model_id]):
        model = logged_models.find(context.transaction, row.model_id)
        if model is not None and not model.is_deleted:
            facts["model"] = get_logged_model(context, LoggedModelId(model_id=row.model_id)).model
    plain: dict[str, Any] = msgspec.to_builtins(facts)
    try:
        plain["mlmodel"] = json.loads(json.dumps(read_mlmodel(context, row), default=str))
    except NoSignature as error:
        plain["mlmodel"] = {"absent": str(error)}
    return plain


def _page(name: str, version: str, facts: Mapping[str, Any], now_ms: int) -> str:
    about = facts["version"]
    parts = [
        f"<h1>{_text(name)}, version {_text(version)}</h1>",
        f"<p>As kept on {_time(now_ms)}. The same facts are in the JSON files beside this page.</p>",
        _table(("", ""), [(key, about[key]) for key in sorted(about)]),
        "<h2>Gates</h2>",
        _table(
            ("when", "gate", "verdict", "why", "place", "by"),
            [
                (
                    _time(g["timestamp"]),
                    g["gate"],
                    g["verdict"],
                    g["summary"],
                    g.get("place", ""),
                    g["author"],
                )
                for g in facts["gates"]
            ],
        ),
        "<h2>Evidence</h2>",
        _table(
            ("when", "kind", "verdict", "details", "by"),
            [
                (_time(e["timestamp"]), e["kind"], e["verdict"], e.get("details", {}), e["author"])
                for e in facts["evidence"]
            ],
        ),
        "<h2>Promotion requests</h2>",
        _table(
            ("when", "to", "status", "why", "by", "approved by", "said"),
            [
                (
                    _time(r["timestamp"]),
                    f"{r['target']} {r['key']}",
                    r["status"],
                    r.get("reason", ""),
                    r["author"],
                    ", ".join(r.get("approved_by", ())),
                    "; ".join(
                        f"{one['author']}: {one['decision']} {one.get('comment', '')}".strip()
                        for one in r.get("reviews", ())
                    ),
                )
                for r in facts["requests"]
            ],
        ),
        "<h2>History</h2>",
        _table(
            ("when", "who", "what", "from", "to", "why"),
            [
                (
                    _time(e["timestamp"]),
                    e["author"],
                    f"{e['field']} {e.get('key', '')}".strip(),
                    e.get("before", ""),
                    e.get("after", ""),
                    e.get("reason", ""),
                )
                for e in facts["history"]
            ],
        ),
        "<h2>Lineage</h2>",
        _lineage(facts["lineage"]),
        "<h2>Model</h2>",
        f"<pre>{_text(yaml.safe_dump(facts['mlmodel'], sort_keys=True))}</pre>",
        "<h2>Policy</h2>",
        f"<pre>{_text(facts['policy'].get('text', '') or 'None.')}</pre>",
    ]
    title = f"{_text(name)} {_text(version)}"
    return (
        f"<!doctype html><html lang=en><meta charset=utf-8><title>{title}</title><style>{_STYLE}</style>"
        f"<body>{''.join(parts)}</body></html>"
    )


def _lineage(found: Mapping[str, Any]) -> str:
    names = {node["node_id"]: f"{node['kind']} {node['label']}" for node in found.get("nodes", ())}
    rows = [
        (names[edge["source"]], edge.get("label", ""), names[edge["target"]])
        for edge in found.get("edges", ())
    ]
    return _table(("from", "", "to"), rows)


def _table(names: Iterable[str], rows: Iterable[Iterable[Any]]) -> str:
    body = "".join(f"<tr>{''.join(f'<td>{_cell(value)}</td>' for value in row)}</tr>" for row in rows)
    if not body:
        return "<p>None.</p>"
    head = "".join(f"<th>{_text(name)}</th>" for name in names)
    return f"<table><tr>{head}</tr>{body}</table>"


def _cell(value: Any) -> str:
    return _text(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True))


def _text(text: str) -> str:
    return html.escape(text)


def _time(ms: int) -> str:
    return datetime.fromtimestamp(ms / 1000, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
