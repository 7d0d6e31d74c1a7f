from __future__ import annotations

from typing import Any

import mlflow

from tests.server_process import ServerProcess, on_both_databases

pytestmark = on_both_databases


def test_the_client_takes_the_server_for_one_of_its_own_version(client: Any) -> None:

    store = client._tracking_client.store

    assert str(store._get_server_version(store.get_host_creds())) == mlflow.__version__


def test_the_client_sees_that_there_are_no_workspaces(client: Any) -> None:
    assert client._tracking_client.store.supports_workspaces is False


def test_server_info_has_every_key_that_clients_read(server: ServerProcess) -> None:
    for prefix in ("/api", "/ajax-api"):
        info = server.get(f"{prefix}/3.0/mlflow/server-info").json

        assert info["store_type"] == "SqlStore"
        assert {key: type(value) for key, value in info.items() if key != "store_type"} == {
            "workspaces_enabled": bool,
            "trace_archival_enabled": bool,
            "multipart_uploads_enabled": bool,
            "multipart_downloads_enabled": bool,
            "presigned_upload_run_id_supported": bool,
            "presigned_upload_model_id_supported": bool,
            "features_enabled": dict,
            "fluvial_version": str,
        }
        assert info["features_enabled"] == {"gateway": False}
