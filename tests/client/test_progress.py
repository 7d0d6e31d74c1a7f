from __future__ import annotations

import fluvial
from tests.client.conftest import Script


def test_a_loop_logs_how_far_and_how_fast_it_is(tracking: str) -> None:
    with fluvial.start_run() as run:
        done = list(fluvial.progress(range(50), "batches"))
        for number in fluvial.progress((i for i in range(9)), "rows"):
            if number == 4:
                break

    metrics = fluvial.get_run(run.info.run_id).data.metrics
    assert done == list(range(50))
    assert (metrics["batches/items"], metrics["rows/items"]) == (50.0, 4.0)
    assert metrics["batches/items_per_second"] > 0


def test_a_loop_goes_on_without_a_run_and_draws_its_bar_where_asked_to(run_script: Script) -> None:
    done = run_script(
        """
        import fluvial
        print(sum(fluvial.progress([1, 2, 3], "files", show=True)))
        """
    )

    assert done.stdout == "6\n"
    assert "files" in done.stderr
