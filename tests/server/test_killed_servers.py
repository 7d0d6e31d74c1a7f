from __future__ import annotations

from pathlib import Path

from tests.server_process import free_port
from tests.several_servers import Load, Servers, running

N_SERVERS = 3


def test_of_three_servers_that_are_killed_in_turn_under_load_nothing_is_lost_or_doubled(
    postgres_url: str, bucket: str, s3_url: str, tmp_path: Path
) -> None:
    servers = Servers(
        [free_port() for _ in range(N_SERVERS)],
        postgres_url,
        f"s3://{bucket}/artifacts",
        tmp_path,
        {"FLUVIAL_S3_ENDPOINT_URL": s3_url},
    )
    with running(servers):
        load = Load(servers, tmp_path, n_journals=2, n_plain=3, n_uploaders=1)
        for number in range(N_SERVERS):
            servers.kill(number)
            servers.start(number)
            servers.await_ready(number)
        load.stop()
        found = load.check(postgres_url)

    assert (found.n_lost, found.n_doubled, found.n_stale) == (0, 0, 0), found
    assert found.n_points > 0
    assert found.n_files > 0
    assert found.n_resent > 0, "Nobody noticed that servers were killed."
    assert "Fault" not in "".join(servers.log(number) for number in range(N_SERVERS))
