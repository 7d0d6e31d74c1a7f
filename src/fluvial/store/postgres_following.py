"""Word between the servers on one PostgreSQL: LISTEN and NOTIFY on one connection of its own.

A NOTIFY within each transaction would put all commits of the database into one queue, because PostgreSQL
takes a lock for it that no two commits hold at once. So each process gathers what it has to say, and says it
some times a second on a connection that does nothing else.
"""

from __future__ import annotations

import logging
import selectors
import socket
import threading
from typing import Any

import psycopg

from fluvial.store.following import Correspondent

CHANNEL = "fluvial"
GATHER_S = 0.1
# How often somebody who is silent is asked whether there is something to say.
ASK_S = 5.0
FIRST_PAUSE_S = 0.2
MAX_PAUSE_S = 15.0
CLOSE_S = 5.0
# A network that went away is noticed after half a minute, not after the two hours of the defaults.
KEEPALIVE: dict[str, Any] = {
    "keepalives_idle": 15,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
    "connect_timeout": 10,
}

_log = logging.getLogger(__name__)


class PostgresFollowing:
    """Hears and speaks on one connection, and opens another when that one breaks.

    After a break it says `missed`: nobody knows what the others said meanwhile.

    Args:
        conninfo: Of the database.
        correspondent: Who hears and speaks.
    """

    def __init__(self, conninfo: str, correspondent: Correspondent) -> None:
        self._conninfo = conninfo
        self._correspondent = correspondent
        self._is_closing = threading.Event()
        self._waking, self._woken = socket.socketpair()
        self._waking.setblocking(False)
        self._thread = threading.Thread(target=self._run, name="fluvial-following", daemon=True)
        self._thread.start()

    def wake(self) -> None:
        """There is something to say."""
        try:
            self._waking.send(b"!")
        except BlockingIOError:
            return  # it has been woken often enough

    def close(self) -> None:
        """Say what is left, and hear no more."""
        self._is_closing.set()
        self.wake()
        self._thread.join(CLOSE_S)
        self._waking.close()

    def _run(self) -> None:
        pause_s = FIRST_PAUSE_S
        is_broken = False
        while not self._is_closing.is_set():
            try:
                with psycopg.connect(self._conninfo, autocommit=True, **KEEPALIVE) as connection:
                    connection.execute(f"LISTEN {CHANNEL}")
                    if is_broken:
                        _log.warning("Changes of other servers are heard again.")
                    is_broken, pause_s = False, FIRST_PAUSE_S
                    self._correspondent.missed()
                    self._converse(connection)
            except (psycopg.Error, OSError) as error:
                if not is_broken:
                    _log.warning("Changes of other servers are not heard: %s", str(error).strip())
                is_broken = True
                self._is_closing.wait(pause_s)
                pause_s = min(2 * pause_s, MAX_PAUSE_S)
        self._woken.close()

    def _converse(self, connection: psycopg.Connection[Any]) -> None:
        connection.add_notify_handler(lambda notify: self._correspondent.heard(notify.payload))
        with selectors.DefaultSelector() as selector:
            selector.register(connection, selectors.EVENT_READ)
            selector.register(self._woken, selectors.EVENT_READ)
            while True:
                ready = [key.fileobj for key, _ in selector.select(ASK_S)]
                if self._woken in ready:
                    self._is_closing.wait(GATHER_S)
                    self._woken.recv(4096)
                is_last = self._is_closing.is_set()
                self._hear(connection)
                for text in self._correspondent.to_say():
                    connection.execute("SELECT pg_notify(%s, %s)", (CHANNEL, text))
                if is_last:
                    return

    def _hear(self, connection: psycopg.Connection[Any]) -> None:
        """Hear what has arrived by itself; what arrives with an answer is heard by the handler."""
        connection.pgconn.consume_input()
        while (notify := connection.pgconn.notifies()) is not None:
            self._correspondent.heard(notify.extra.decode())
