"""Runs as plain values, for the evaluator that the SQL is held to."""

from __future__ import annotations

from msgspec import Struct


class DatasetRead(Struct, frozen=True):
    name: str
    digest: str
    context: str | None = None


class Run(Struct, frozen=True, kw_only=True):
    run_id: str
    run_name: str = ""
    user_id: str = ""
    status: str = "FINISHED"
    start_time: int = 0
    end_time: int | None = None
    metrics: dict[str, tuple[float, ...]] = {}
    params: dict[str, str] = {}
    tags: dict[str, str] = {}
    datasets: tuple[DatasetRead, ...] = ()
