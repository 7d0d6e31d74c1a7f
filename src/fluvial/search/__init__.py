"""The search language: one grammar for all nouns, a tree of frozen values, one compiler to SQL.

    parse_filter("metrics.loss < 0.1 OR tags.team = 'vision'", RUNS)   -> tree.Node
    parse_order_by(["metrics.loss DESC"], RUNS)                        -> tuple of tree.SortKey
    sql_order.narrow(statement, filter, order, scope)                  -> the statement, narrowed

A noun becomes searchable by declaring a `Noun` in a module named after it, and where its fields are
kept in a `sql.Tables` of the store. The specification for users is docs/search.md.
"""

from fluvial.search.experiments import EXPERIMENTS
from fluvial.search.logged_models import LOGGED_MODELS
from fluvial.search.noun import Attribute, Collection, Noun, Type
from fluvial.search.parser import parse_filter, parse_order_by
from fluvial.search.registered_models import MODEL_VERSIONS, REGISTERED_MODELS
from fluvial.search.runs import RUNS

__all__ = [
    "EXPERIMENTS",
    "LOGGED_MODELS",
    "MODEL_VERSIONS",
    "REGISTERED_MODELS",
    "RUNS",
    "Attribute",
    "Collection",
    "Noun",
    "Type",
    "parse_filter",
    "parse_order_by",
]
