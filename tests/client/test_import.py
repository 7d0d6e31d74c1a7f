from __future__ import annotations

import json

import fluvial
from tests.client.conftest import Script

HEAVY = ("numpy", "pandas", "sqlalchemy", "urllib3", "starlette", "click", "asyncio", "multiprocessing")


def test_importing_loads_only_the_module_itself(run_script: Script) -> None:
    code = """
        import sys
        before = set(sys.modules)
        import fluvial
        print(*sorted(set(sys.modules) - before))
    """

    loaded = run_script(code).stdout.split()

    assert [name for name in loaded if name.startswith("fluvial")] == ["fluvial"]
    assert not {*HEAVY, "msgspec", "typing"} & set(loaded)


def test_logging_offline_loads_nothing_heavy(run_script: Script) -> None:
    code = f"""
        import json, sys
        import fluvial
        with fluvial.start_run():
            fluvial.log_metric("m", 1)
            fluvial.log_param("p", 1)
            fluvial.log_text("t", "t.txt")
        print(json.dumps([name for name in {HEAVY} if name in sys.modules]))
    """

    assert json.loads(run_script(code, FLUVIAL_OFFLINE="1").stdout) == []


def test_every_public_name_is_there() -> None:
    for name in dir(fluvial):
        assert getattr(fluvial, name) is not None

    assert {"start_run", "log_metric", "search_runs", "FluvialClient", "data", "ViewType"} <= set(
        dir(fluvial)
    )
    assert not hasattr(fluvial, "log_nothing")
