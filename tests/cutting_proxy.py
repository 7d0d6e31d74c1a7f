"""A network that breaks: hands connections on to a server, and cuts them when so many bytes have passed."""

from __future__ import annotations

import socket
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

CHUNK_BYTES = 16384


class CuttingProxy:
    """Listens on a free port of this machine.

    Args:
        port: Of the server behind it.

    Attributes:
        url: Where it is.
        limits: How many bytes the next connections may carry, one number for each; the others may carry any.
        on_cut: Called when one is cut.
        n_cut: How many were.
        n_bytes: What all carried.
    """

    def __init__(self, port: int) -> None:
        self._port = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self.limits: deque[int] = deque()
        self.on_cut: Callable[[], object] = lambda: None
        self.n_cut = self.n_bytes = 0

    def serve(self) -> None:
        """Take connections until `close`."""
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            try:
                far = socket.create_connection(("127.0.0.1", self._port))
            except ConnectionRefusedError:  # the server is away
                near.close()
            else:
                _Connection(self, near, far).start()

    def close(self) -> None:
        """Take no more; the second time nothing happens."""
        if self._listener.fileno() >= 0:
            self._listener.shutdown(socket.SHUT_RDWR)
            self._listener.close()


class _Connection:
    def __init__(self, proxy: CuttingProxy, near: socket.socket, far: socket.socket) -> None:
        self._proxy = proxy
        self._near = near
        self._far = far
        self._left = proxy.limits.popleft() if proxy.limits else 1 << 62
        self._lock = threading.Lock()

    def start(self) -> None:
        for source, target in ((self._near, self._far), (self._far, self._near)):
            threading.Thread(target=self._carry, args=(source, target), daemon=True).start()

    def _carry(self, source: socket.socket, target: socket.socket) -> None:
        try:
            while chunk := source.recv(CHUNK_BYTES):
                target.sendall(chunk)
                if self._is_over(len(chunk)):
                    break
        except OSError:  # the other direction was cut
            pass
        for end in (source, target):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue

    def _is_over(self, n_bytes: int) -> bool:
        with self._lock:
            self._proxy.n_bytes += n_bytes
            was_left = self._left > 0
            self._left -= n_bytes
            is_over = self._left <= 0
        if is_over and was_left:
            self._proxy.n_cut += 1
            self._proxy.on_cut()
        return is_over


@contextmanager
def cutting_proxy(port: int) -> Iterator[CuttingProxy]:
    """A network in front of a server."""
    proxy = CuttingProxy(port)
    thread = threading.Thread(target=proxy.serve, daemon=True)
    thread.start()
    try:
        yield proxy
    finally:
        proxy.close()
        thread.join()
