"""Files through the client."""

from pathlib import Path
from tempfile import mkdtemp

from mlflow import MlflowClient

client = MlflowClient()
run_id = client.create_run(client.create_experiment("client files"), run_name="files").info.run_id
path = Path(mkdtemp(), "weights.bin")
path.write_bytes(b"weights")
client.log_artifact(run_id, str(path), "models")
client.log_artifacts(run_id, str(path.parent))
client.log_text(run_id, "text", "a/text.txt")
client.log_dict(run_id, {"b": [1, 2]}, "a/dict.json")
client.log_table(run_id, {"x": [1], "y": ["z"]}, "table.json")
copied = client.download_artifacts(run_id, "models/weights.bin")
listed = [(entry.path, entry.is_dir, entry.file_size) for entry in client.list_artifacts(run_id, "a")]
client.log_dict(run_id, {"read": Path(copied).read_text(), "listed": listed}, "report.json")
client.set_terminated(run_id)
