from __future__ import annotations

import psycopg


def test_a_test_has_an_empty_postgresql_database_of_its_own(postgres_url: str) -> None:
    with psycopg.connect(postgres_url) as connection:
        tables = connection.execute(
            "SELECT count(*) FROM information_schema.tables WHERE table_schema = 'public'"
        ).fetchone()

    assert tables == (0,)


def test_strings_do_not_sort_by_their_bytes(postgres_url: str) -> None:
    with psycopg.connect(postgres_url) as connection:
        words = connection.execute("SELECT word FROM (VALUES ('b'), ('C'), ('a')) AS t (word) ORDER BY word")

        assert [word for (word,) in words] == ["a", "b", "C"]
