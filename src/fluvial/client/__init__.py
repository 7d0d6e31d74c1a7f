"""What runs in the user's process: the fluent functions, the client, the journal and its sender.

`log_*` appends to the journal (`journal.py`) and returns; a background thread (`sender.py`) ships it
through a transport: HTTP (`http.py`), or the services in this process (`fluvial/local.py`).
"""
