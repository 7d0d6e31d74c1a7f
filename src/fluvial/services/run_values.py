"""Fields of many runs, for charts over runs."""

from __future__ import annotations

from fluvial.errors import InvalidRequest
from fluvial.segments.arrow import Column, Numbers, Texts, Words, write_table
from fluvial.services import rules, run_fields
from fluvial.services.context import Context
from fluvial.store import run_search, run_values
from fluvial.store.columns import ordering
from fluvial.store.columns.grouping import Labels, Values
from fluvial.store.run_search import Search
from fluvial.store.run_values import Wanted
from fluvial.wire.run_values import MAX_CELLS, MAX_FIELDS, MAX_RUNS, GetRunValues

ID_LENGTH = 32


def read_run_values(context: Context, request: GetRunValues) -> bytes:
    """The fields as an Arrow stream; see `wire/run_values.py`.

    Raises:
        InvalidRequest: A field holds neither text nor numbers, or too much is asked for.
        InvalidFilter: The filter, a field or the order is not in the search language.
    """
    rules.page_size(request.max_results, maximum=MAX_RUNS, name="max_results")
    fields = run_fields.parse("fields", request.fields, least=0, most=MAX_FIELDS)
    if len(fields) * request.max_results > MAX_CELLS:
        raise InvalidRequest(
            f"An answer has up to {MAX_CELLS} values: ask for at most {MAX_CELLS // len(fields)} runs "
            f"with {len(fields)} fields."
        )
    for text, field in zip(request.fields, fields, strict=True):
        if not run_fields.is_text(field) and not run_fields.is_number(field):
            raise InvalidRequest(
                f"There are no values of {text}: name params, tags, metrics, status or times."
            )
    order = run_search.parsed_order(request.order_by)
    if not ordering.can_order(order):
        raise InvalidRequest("Runs are not put in order by artifact_uri here.")
    search = Search.of(
        rules.experiment_ids(request.experiment_ids), request.filter, request.run_view_type, context.now_ms
    )
    wanted = [Wanted(field, run_fields.is_text(field)) for field in fields]
    found = run_values.read(context.transaction, search, order, wanted, request.max_results)
    columns: dict[str, Column] = {"run_id": Words(found.run_ids, ID_LENGTH)}
    columns |= {str(number): _as_arrow(column) for number, column in enumerate(found.columns)}
    return write_table(columns, found.n_runs, {"n_matching": str(found.n_matching)})


def _as_arrow(column: Labels | Values) -> Column:
    if isinstance(column, Labels):
        return Texts(column.codes, column.texts)
    return Numbers(column.values, column.is_there)
