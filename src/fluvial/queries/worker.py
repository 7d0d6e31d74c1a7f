"""The process that runs one query. Started as a file, with nothing of fluvial in it and an empty environment.

It is told what to do in lines of JSON on its standard input, and answers in lines of JSON:

1. `{query, views, limits}`: it parses the query, refuses what is no SELECT over the views, binds it to empty
   tables, and answers which columns of which views it needs;
2. `{folder, max_rows, format}`: it takes the rows of these views from Arrow files in the folder, has DuckDB
   lock itself up, runs the query and writes the result into the folder.

A query reaches neither files nor network (`enable_external_access`), cannot change that
(`lock_configuration`), and of the functions that make tables it may call four: others follow addresses of
memory, or run more SQL.
"""

from __future__ import annotations

import json
import math
import re
import resource
import sys
import threading
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

TABLE_FUNCTIONS = {"range", "generate_series", "unnest", "repeat_row"}
FILE_BYTES = 1 << 30
BATCH_ROWS = 2_048
# Past its own limits DuckDB needs memory for the interpreter, Arrow and what it parses.
MEMORY_BESIDE = 2 << 30


class Refused(Exception):
    """The query cannot be run; the message is for its author."""


def main() -> None:
    """Answer on the standard output until the query is done."""
    asked = _read()
    limits = asked["limits"]
    memory = limits["memory_mb"] * 1_000_000
    for kind, value in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, FILE_BYTES),
        (resource.RLIMIT_NOFILE, 256),
        (resource.RLIMIT_DATA, memory + MEMORY_BESIDE),
        (resource.RLIMIT_CPU, int(limits["time_s"] * (limits["threads"] + 1)) + 10),
    ):
        resource.setrlimit(kind, (value, value))
    try:
        connection = _open(limits)
        needed = _needed(connection, asked["query"], asked["views"])
        _write({"needs": needed})
        told = _read()
        _take(connection, Path(told["folder"]), needed)
        _write(_run(connection, asked["query"], told, limits))
    except (Refused, duckdb.Error, MemoryError) as error:
        _write({"refused": str(error) or "The query needs more memory than it may have."})


def _open(limits: dict[str, Any]) -> duckdb.DuckDBPyConnection:
    config = {
        "memory_limit": f"{limits['memory_mb']}MB",
        "threads": str(limits["threads"]),
        "temp_directory": "",
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
        "allow_community_extensions": "false",
        "python_enable_replacements": "false",
    }
    connection = duckdb.connect(":memory:", config=config)
    connection.execute("SET TimeZone = 'UTC'")
    connection.execute("SET enable_external_access = false")
    return connection


def _needed(
    connection: duckdb.DuckDBPyConnection, query: str, views: dict[str, dict[str, str]]
) -> dict[str, list[str]]:
    """The columns that a query needs of each view."""
    for name, columns in views.items():
        listed = ", ".join(f'"{column}" {kind}' for column, kind in columns.items())
        connection.execute(f'CREATE TABLE "{name}" ({listed})')
    tree = _parsed(connection, query)
    found = _Mentions()
    found.visit(tree)
    unknown = sorted(found.tables - found.named - set(views))
    if unknown:
        raise Refused(f"There is no view {unknown[0]!r}: there is {', '.join(views)}.")
    forbidden = sorted(found.table_functions - TABLE_FUNCTIONS)
    if forbidden:
        raise Refused(f"{forbidden[0]}() cannot be read from: read the views {', '.join(views)}.")
    _bind(connection, query)
    used = [name for name in views if name in found.tables]
    for name in views:
        connection.execute(f'DROP TABLE "{name}"')
    takes_all = found.has_star or bool(found.columns & (found.aliases | found.tables))
    lowered = {column.lower() for column in found.columns}
    return {
        name: [
            column
            for position, column in enumerate(views[name])
            if takes_all or column in lowered or (position == 0 and not lowered & set(views[name]))
        ]
        for name in used
    }


def _bind(connection: duckdb.DuckDBPyConnection, query: str) -> None:
    """Have the query understood and not run; what is wrong is shown in the query's own lines."""
    try:
        connection.execute(f"EXPLAIN\n{query}")
    except duckdb.Error as error:
        message = re.sub(r"(?m)^LINE (\d+):", lambda found: f"LINE {int(found[1]) - 1}:", str(error))
        raise Refused(message) from error


def _parsed(connection: duckdb.DuckDBPyConnection, query: str) -> dict[str, Any]:
    row = connection.execute("SELECT json_serialize_sql(?)", [query]).fetchone()
    parsed: dict[str, Any] = json.loads(row[0]) if row else {"error": True}
    if parsed["error"]:
        if parsed.get("error_type") == "not implemented":
            raise Refused("Only one SELECT can be run: nothing is written, attached, loaded or set.")
        raise Refused(_pointed(query, parsed))
    if len(parsed["statements"]) != 1:
        raise Refused("Only one SELECT can be run at a time.")
    return parsed


def _pointed(query: str, parsed: dict[str, Any]) -> str:
    """A syntax error with the line and a mark under the place, as DuckDB shows the others."""
    message = str(parsed.get("error_message", "The query cannot be read."))
    position = int(parsed.get("position") or 0)
    line_number = query.count("\n", 0, position) + 1
    start = query.rfind("\n", 0, position) + 1
    line = query[start:].partition("\n")[0]
    prefix = f"LINE {line_number}: "
    return f"{message}\n\n{prefix}{line}\n{' ' * (len(prefix) + position - start)}^"


class _Mentions:
    """What a parsed query mentions."""

    def __init__(self) -> None:
        self.tables: set[str] = set()
        self.aliases: set[str] = set()
        self.columns: set[str] = set()
        self.named: set[str] = set()
        self.table_functions: set[str] = set()
        self.has_star = False

    def visit(self, node: Any) -> None:
        """Note what is in a part of the tree."""
        waiting = [node]
        while waiting:
            part = waiting.pop()
            if isinstance(part, list):
                waiting.extend(part)
            elif isinstance(part, dict):
                self._note(part)
                waiting.extend(part.values())

    def _note(self, part: dict[str, Any]) -> None:
        kind = part.get("type")
        if kind == "BASE_TABLE":
            self.tables.add(str(part["table_name"]).lower())
            self.aliases.add(part.get("alias") or part["table_name"])
        elif kind == "TABLE_FUNCTION":
            self.table_functions.add(str(part["function"]["function_name"]).lower())
        elif kind == "SHOW_REF":
            raise Refused("DESCRIBE, SHOW and SUMMARIZE are not run: docs/sql.md lists the columns.")
        elif kind == "JOIN":
            self.columns.update(part.get("using_columns") or ())
            self.has_star |= part.get("ref_type") == "NATURAL"
        elif part.get("class") == "STAR":
            self.has_star = True
        elif part.get("class") == "COLUMN_REF":
            self.columns.update(part["column_names"])
        for entry in (part.get("cte_map") or {}).get("map", ()):
            self.named.add(str(entry["key"]).lower())
        if part.get("cte_name"):
            self.named.add(str(part["cte_name"]).lower())


def _take(connection: duckdb.DuckDBPyConnection, folder: Path, needed: dict[str, list[str]]) -> None:
    for name in needed:
        mapped = pa.memory_map(str(folder / f"{name}.arrow"))
        connection.register(name, pa.ipc.open_stream(mapped).read_all())
    connection.execute("SET lock_configuration = true")


def _run(
    connection: duckdb.DuckDBPyConnection, query: str, told: dict[str, Any], limits: dict[str, Any]
) -> dict[str, Any]:
    is_late = threading.Event()

    def interrupt() -> None:
        is_late.set()
        connection.interrupt()

    timer = threading.Timer(limits["time_s"], interrupt)
    timer.daemon = True
    timer.start()
    try:
        reader = connection.sql(query).to_arrow_reader(BATCH_ROWS)
        return _keep(reader, told, limits)
    except duckdb.Error as error:
        if is_late.is_set():
            raise Refused(f"The query took more than {limits['time_s']:g} s and was stopped.") from error
        if "Out of Memory" in str(error):
            raise Refused(
                f"The query needs more than the {limits['memory_mb']} MB of memory that it may have."
            ) from error
        raise
    finally:
        timer.cancel()


def _keep(reader: Any, told: dict[str, Any], limits: dict[str, Any]) -> dict[str, Any]:
    """Write the rows that the limits allow."""
    batches, n_rows, n_bytes, is_truncated = [], 0, 0, False
    for batch in reader:
        n_left = told["max_rows"] - n_rows
        if batch.num_rows > n_left:
            batch, is_truncated = batch.slice(0, n_left), True  # noqa: PLW2901
        n_bytes += batch.nbytes
        if n_bytes > limits["result_mb"] * 1_000_000:
            raise Refused(
                f"The result has more than {limits['result_mb']} MB: ask for fewer columns, or shorter texts."
            )
        batches.append(batch)
        n_rows += batch.num_rows
        if is_truncated:
            break
    table = pa.Table.from_batches(batches, schema=reader.schema)
    target = Path(told["folder"], "result")
    if told["format"] == "arrow":
        if is_truncated:
            table = table.replace_schema_metadata({b"fluvial.is_truncated": b"true"})
        with pa.ipc.new_stream(target, table.schema) as writer:
            writer.write_table(table)
    else:
        answer = {
            "columns": table.column_names,
            "types": [str(kind) for kind in table.schema.types],
            "rows": [[_plain(value) for value in row] for row in _rows(table)],
            "is_truncated": is_truncated,
        }
        target.write_text(json.dumps(answer, ensure_ascii=False), encoding="utf-8")
    return {"n_rows": n_rows}


def _rows(table: Any) -> list[tuple[Any, ...]]:
    return list(zip(*(_values(column) for column in table.columns), strict=True))


def _values(column: Any) -> list[Any]:
    if not pa.types.is_timestamp(column.type):
        values: list[Any] = column.to_pylist()
        return values
    # As texts at once: to_pylist() would load all of pandas for a time zone.
    texts = column.cast(pa.string()).to_pylist()
    return [text and text.replace(" ", "T") for text in texts]


def _plain(value: Any) -> Any:
    """A value as JSON has it."""
    if isinstance(value, float):
        if math.isnan(value):
            return "NaN"
        return value if math.isfinite(value) else "Infinity" if value > 0 else "-Infinity"
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, dict):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value if value is None or isinstance(value, str | int) else str(value)


def _read() -> dict[str, Any]:
    line = sys.stdin.readline()
    if not line:
        sys.exit(0)  # the server is gone
    told: dict[str, Any] = json.loads(line)
    return told


def _write(answer: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
