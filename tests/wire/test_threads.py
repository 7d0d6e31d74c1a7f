"""Messages that several threads meet for the first time at once."""

from __future__ import annotations

import subprocess
import sys

# As a client does that uploads several files, and a server that has just started.
DECODE_AT_ONCE = """
import sys, threading
from fluvial.wire import codec
from fluvial.wire.runs import OneRun, RunsPage, SearchRuns
sys.setswitchinterval(1e-6)
run = b'{"run": {"info": {"run_id": "r", "status": "FINISHED"}, "data": {}, "inputs": {}}}'
together = threading.Barrier(8)

def decode():
    together.wait()
    for kind, body in ((OneRun, run), (RunsPage, b'{"runs": []}'), (SearchRuns, b"{}")):
        try:
            codec.decode(kind, body)
        except codec.InvalidRequest:
            pass

threads = [threading.Thread(target=decode) for _ in range(8)]
for thread in threads: thread.start()
for thread in threads: thread.join()
"""


def test_threads_may_decode_a_new_kind_of_message_at_once() -> None:
    for _ in range(5):
        done = subprocess.run([sys.executable, "-c", DECODE_AT_ONCE], check=False)

        assert done.returncode == 0
