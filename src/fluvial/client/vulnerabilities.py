"""Ask a database of known vulnerabilities about packages, by OSV's API.

Source: https://google.github.io/osv.dev/post-v1-querybatch/
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import msgspec
import urllib3
from msgspec import Struct

PAGE = 1_000  # queries that one request may have
_TIMEOUT_S = 10.0


class Vulnerability(Struct, frozen=True, kw_only=True):
    """A known vulnerability of a package.

    Attributes:
        package: Its name.
        version: Its version.
        id: Of the vulnerability, such as `GHSA-…` or `PYSEC-…`.
    """

    package: str
    version: str
    id: str


class Scan(Struct, frozen=True, kw_only=True):
    """What a database knows of some packages.

    Attributes:
        verdict: `pass` where it knows of nothing, `fail` where it does, `unknown` where nobody answers.
        problem: Why nobody could be asked; empty where somebody was.
        n_packages: How many packages it was about.
        found: What is known.
    """

    verdict: Literal["pass", "fail", "unknown"]
    problem: str = ""
    n_packages: int = 0
    found: tuple[Vulnerability, ...] = ()


def scan(packages: Sequence[tuple[str, str]], url: str) -> Scan:
    """What is known of packages.

    Args:
        packages: Names and versions.
        url: Of the database; `none` for none.
    """
    if url in {"", "none"}:
        return Scan(verdict="unknown", problem="FLUVIAL_VULNERABILITY_URL names no database to ask")
    if not packages:
        return Scan(verdict="unknown", problem="nothing says which packages the model needs")
    found: list[Vulnerability] = []
    with urllib3.PoolManager(timeout=_TIMEOUT_S, retries=False) as pool:
        for start in range(0, len(packages), PAGE):
            page = packages[start : start + PAGE]
            try:
                results = _asked(pool, url, page)
            except (
                urllib3.exceptions.HTTPError,
                msgspec.DecodeError,
                KeyError,
                TypeError,
                ValueError,
            ) as error:
                return Scan(verdict="unknown", problem=f"{url} cannot be asked: {type(error).__name__}")
            for (name, version), result in zip(page, results, strict=True):
                known = result.get("vulns") or ()
                found += [Vulnerability(package=name, version=version, id=str(one["id"])) for one in known]
    return Scan(verdict="fail" if found else "pass", n_packages=len(packages), found=tuple(found))


def _asked(pool: urllib3.PoolManager, url: str, page: Sequence[tuple[str, str]]) -> list[dict[str, Any]]:
    queries = [{"package": {"name": name, "ecosystem": "PyPI"}, "version": version} for name, version in page]
    answer = pool.request("POST", f"{url.rstrip('/')}/v1/querybatch", json={"queries": queries})
    if answer.status != 200:
        raise ValueError(f"status {answer.status}")
    results: list[dict[str, Any]] = msgspec.json.decode(answer.data)["results"]
    return results
