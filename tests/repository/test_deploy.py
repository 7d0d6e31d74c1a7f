"""What deploy/ holds, as far as it can be checked without Docker, Helm and a cluster."""

from __future__ import annotations

import fnmatch
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from fluvial.settings import ClientSettings, ServerSettings, read_settings

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
CHART = DEPLOY / "helm/fluvial"
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "docker-compose.yml").read_text())
VALUES: dict[str, Any] = yaml.safe_load((CHART / "values.yaml").read_text())
DOCKERFILE = (DEPLOY / "Dockerfile").read_text()
TEMPLATES = {path.name: path.read_text() for path in sorted((CHART / "templates").iterdir())}
NEEDED_VALUES = ("database.uri=postgresql://u@db/f", "artifacts.destination=s3://b/a")
# What a template that uses a value finds no fault with: everything switched on.
ALL_VALUES = (
    "ingress.enabled=true",
    "ingress.host=tracking.example",
    "ingress.tlsSecret=tls",
    "serviceMonitor.enabled=true",
    "artifacts.credentialsSecret=keys",
    "env.FLUVIAL_RUN_SILENCE_S=600",
)


def known_variables() -> set[str]:
    names = (*ServerSettings.__struct_fields__, *ClientSettings.__struct_fields__)
    return {f"FLUVIAL_{name.upper()}" for name in names}


def paths_of(values: dict[str, Any], above: str = "") -> set[str]:
    """The dotted names of all values; annotations, whose names have slashes, are one."""
    found = set()
    for name, value in values.items():
        if isinstance(value, dict) and value and not any("/" in key for key in value):
            found |= paths_of(value, f"{above}{name}.")
        else:
            found.add(f"{above}{name}")
    return found


def test_every_variable_that_is_set_is_a_setting() -> None:
    texts = [path.read_text() for path in DEPLOY.rglob("*") if path.is_file()]
    named = {name for text in texts for name in re.findall(r"\bFLUVIAL_[A-Z0-9_]+", text)}

    assert len(named) > 10
    assert named - {"FLUVIAL_SKIP_UI"} <= known_variables()


def test_compose_sets_settings_that_a_server_takes() -> None:
    given = {
        name: re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", value)
        for name, value in COMPOSE["services"]["server"]["environment"].items()
    }

    settings = read_settings(ServerSettings, given)

    assert settings.workers == 2
    assert settings.backend_store_uri.startswith("postgresql://")
    assert settings.artifacts_destination.startswith("s3://")
    assert not settings.upgrade_database
    assert "localhost:*" in settings.allowed_hosts


def test_compose_starts_the_server_after_its_database_its_migrations_and_its_store() -> None:
    services = COMPOSE["services"]

    assert {name: each["condition"] for name, each in services["server"]["depends_on"].items()} == {
        "migrations": "service_completed_successfully",
        "bucket": "service_completed_successfully",
    }
    for service in services.values():
        for name, needed in service.get("depends_on", {}).items():
            assert needed["condition"] != "service_healthy" or "test" in services[name]["healthcheck"]
    mounted = {volume.split(":")[0] for each in services.values() for volume in each.get("volumes", ())}
    assert mounted == set(COMPOSE["volumes"])


def test_compose_opens_the_server_to_this_machine_alone_and_knows_no_password() -> None:
    text = (DEPLOY / "docker-compose.yml").read_text()

    assert [name for name, each in COMPOSE["services"].items() if "ports" in each] == ["server"]
    assert all(port.startswith("127.0.0.1:") for port in COMPOSE["services"]["server"]["ports"])
    asked = set(re.findall(r"\$\{(\w+):\?", text))
    assert asked == {"POSTGRES_PASSWORD", "STORE_SECRET"}
    example = (DEPLOY / "example.env").read_text()
    assert set(re.findall(r"\$\{(\w+)", text)) == set(re.findall(r"^(\w+)=", example, re.MULTILINE))
    assert all(f"{name}=\n" in example for name in asked)


def test_the_image_runs_as_nobody_special_and_says_how_it_is() -> None:
    last = DOCKERFILE.rpartition("\nFROM ")[2]

    assert re.search(r"^USER (?!0\b)\d+:\d+$", last, re.MULTILINE)
    assert "/readyz" in last[last.index("HEALTHCHECK") :]
    assert 'ENTRYPOINT ["fluvial"]' in last
    assert "pip install" not in last, "What runs needs no network: packages come from the stage before."


def test_the_image_is_built_from_files_that_are_there_and_not_ignored() -> None:
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    kept = [line[1:] for line in ignored if line.startswith("!")]
    copied = [
        source
        for line in re.findall(r"^COPY (?!--from)(.+)$", DOCKERFILE, re.MULTILINE)
        for source in line.split()[:-1]
    ]

    assert copied
    for source in copied:
        assert (ROOT / source).exists(), source
        assert any(fnmatch.fnmatch(source, each) or source.startswith(f"{each}/") for each in kept), source
    assert "**/node_modules" in ignored


def test_the_packages_of_the_image_are_locked_by_their_hashes() -> None:
    assert "--require-hashes -r requirements/image.txt" in DOCKERFILE
    locked = (ROOT / "requirements/image.txt").read_text()
    assert len(re.findall(r"^[\w.\-]+(?:\[[^]]*])?==", locked, re.MULTILINE)) > 20
    assert "sha256:" in locked


def test_the_chart_has_every_value_that_its_templates_use_and_uses_every_value() -> None:
    used = {name for text in TEMPLATES.values() for name in re.findall(r"\.Values\.([A-Za-z0-9.]+)", text)}
    defined = paths_of(VALUES)
    tables = {name.rpartition(".")[0] for name in defined} | set(VALUES)

    assert {name for name in used if name not in defined | tables} == set()
    assert {name for name in defined if not any(name == u or name.startswith(f"{u}.") for u in used)} == set()


def test_the_templates_open_what_they_close_and_include_what_is_defined() -> None:
    defined = set(re.findall(r'define "([^"]+)"', TEMPLATES["_helpers.tpl"]))
    for name, text in TEMPLATES.items():
        actions = re.findall(r"\{\{-?\s*(\w+)", text)
        n_open = sum(actions.count(word) for word in ("if", "with", "range", "define"))
        assert n_open == actions.count("end"), name
        assert set(re.findall(r'include "([^"]+)"', text)) <= defined, name
        plain = text.replace("{}", "")
        assert plain.count("{{") == plain.count("}}"), name


def test_the_chart_has_probes_a_budget_an_autoscaler_migrations_and_a_network_policy() -> None:
    kinds = {kind for text in TEMPLATES.values() for kind in re.findall(r"^kind: (\w+)", text, re.MULTILINE)}
    assert kinds >= {
        "Deployment", "Service", "ServiceAccount", "Ingress", "Secret", "Job", "NetworkPolicy",
        "PodDisruptionBudget", "HorizontalPodAutoscaler", "ServiceMonitor",
    }  # fmt: skip
    deployment, job = TEMPLATES["deployment.yaml"], TEMPLATES["migrations.yaml"]

    assert re.search(r"livenessProbe:\s+httpGet: \{path: /livez", deployment)
    assert re.search(r"readinessProbe:\s+httpGet: \{path: /readyz", deployment)
    assert "args: [db, upgrade]" in job
    assert "helm.sh/hook: pre-install,pre-upgrade" in job
    for text in (deployment, job):
        assert "fluvial.securityContext" in text
        assert "fluvial.podSecurityContext" in text


@pytest.mark.skipif(shutil.which("helm") is None, reason="Helm is not installed")
@pytest.mark.parametrize("more", [(), ALL_VALUES])
def test_helm_renders_the_chart(more: tuple[str, ...]) -> None:
    chosen = [part for value in (*NEEDED_VALUES, *more) for part in ("--set", value)]
    for command in (["lint", "--strict"], ["template", "release"]):
        done = subprocess.run(
            ["helm", *command, str(CHART), *chosen], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
    assert all(document["kind"] for document in yaml.safe_load_all(done.stdout) if document)


@pytest.mark.skipif(shutil.which("docker") is None, reason="Docker is not installed")
def test_docker_takes_the_compose_file() -> None:
    command = ["docker", "compose", "--file", str(DEPLOY / "docker-compose.yml"), "config", "--quiet"]
    if subprocess.run(["docker", "compose", "version"], capture_output=True, check=False).returncode != 0:
        pytest.skip("Docker has no Compose")
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": "/usr/bin:/bin:/usr/local/bin", "POSTGRES_PASSWORD": "a", "STORE_SECRET": "b"},
    )

    assert done.returncode == 0, done.stderr
