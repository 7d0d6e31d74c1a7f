"""From the start of a server to its first answer, and what it holds in memory when idle."""

from __future__ import annotations

from bench.peer import fluvial_server, memory_mb, mlflow_server, processes_of
from bench.report import measured, report

N_RUNS = 5


def main() -> None:
    ready, memory, n_processes = [], [], []
    for _ in range(N_RUNS):
        with fluvial_server() as server:
            ready.append(server.ready_s)
            memory.append(memory_mb(server.pid))
            n_processes.append(float(len(processes_of(server.pid))))
    with mlflow_server() as peer:
        peer_memory, peer_processes = memory_mb(peer.pid), float(len(processes_of(peer.pid)))
    report(
        "server_start",
        [
            measured("server ready", "s", ready, peer=[peer.ready_s], below=1.5),
            measured("idle memory", "MB", memory, peer=[peer_memory], below=150),
            measured("server processes", "", n_processes, peer=[peer_processes], below=2),
        ],
    )


if __name__ == "__main__":
    main()
