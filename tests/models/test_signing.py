from __future__ import annotations

import base64
import json
import stat
from datetime import timedelta
from pathlib import Path

import pytest

from fluvial.errors import InvalidSetting, ModelDamaged, UntrustedModel
from fluvial.models import manifest, provenance, signing
from fluvial.models.requirements import Package
from tests.models.sigstore_authority import IDENTITY, ISSUER, SIGNED_AT, Authority


@pytest.fixture
def model(tmp_path: Path) -> Path:
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "MLmodel").write_text("flavors: {}")
    manifest.write(folder)
    return folder


@pytest.fixture
def key(tmp_path: Path) -> Path:
    file = tmp_path / "keys" / "release.pem"
    signing.make_key(file)
    return file


def trusted(key: Path) -> signing.Trusted:
    return signing.trusted_of([f"{key}.pub"])


def test_a_model_is_signed_by_the_key_that_signed_it(model: Path, key: Path) -> None:
    made = signing.sign(model, key)

    assert signing.check(model, trusted(key), is_required=True) == made
    assert manifest.check(model) is not None
    assert stat.S_IMODE(key.stat().st_mode) == 0o600


def test_all_public_keys_of_a_folder_are_trusted(model: Path, key: Path) -> None:
    made = signing.sign(model, key)

    assert signing.check(model, signing.trusted_of([str(key.parent)])) == made


def test_a_key_with_a_password_signs_only_with_it(model: Path, tmp_path: Path) -> None:
    key = tmp_path / "key.pem"
    key_id = signing.make_key(key, password="secret")

    with pytest.raises(InvalidSetting, match="cannot be read"):
        signing.sign(model, key)
    assert signing.sign(model, key, password="secret").signer == key_id


def test_a_key_is_never_overwritten(key: Path) -> None:
    with pytest.raises(InvalidSetting, match="is there already"):
        signing.make_key(key)


def test_a_signature_of_another_manifest_is_refused(model: Path, key: Path) -> None:
    signing.sign(model, key)
    (model / "more.txt").touch()
    manifest.write(model)

    with pytest.raises(ModelDamaged, match="of another manifest"):
        signing.check(model, trusted(key))


def test_a_signature_that_the_key_did_not_make_is_refused(model: Path, key: Path) -> None:
    signing.sign(model, key)
    file = model / manifest.SIGNATURE_FILE
    bundle = json.loads(file.read_text())
    bundle["messageSignature"]["signature"] = base64.b64encode(bytes(64)).decode()
    file.write_text(json.dumps(bundle))

    with pytest.raises(ModelDamaged, match="was not made by the key"):
        signing.check(model, trusted(key))


def test_an_unknown_key_counts_as_no_signature(model: Path, key: Path, tmp_path: Path) -> None:
    signing.make_key(tmp_path / "other.pem")
    signing.sign(model, tmp_path / "other.pem")

    assert signing.check(model, trusted(key)) is None
    with pytest.raises(UntrustedModel, match="not among the 1 trusted"):
        signing.check(model, trusted(key), is_required=True)


def test_a_model_that_nobody_signed_is_refused_where_signatures_are_required(model: Path, key: Path) -> None:
    with pytest.raises(UntrustedModel, match="FLUVIAL_REQUIRE_SIGNED"):
        signing.check(model, trusted(key), is_required=True)


@pytest.fixture
def authority() -> Authority:
    return Authority()


def by_identity(authority: Authority, folder: Path, identity: str = IDENTITY) -> signing.Trusted:
    root = authority.trusted_root(folder / "trusted_root.json")
    return signing.trusted_of([str(root)], [f"{identity} {ISSUER}"])


def put(model: Path, bundle: dict[str, object]) -> None:
    (model / manifest.SIGNATURE_FILE).write_text(json.dumps(bundle))


def test_a_bundle_of_sigstore_says_who_signed(model: Path, authority: Authority, tmp_path: Path) -> None:
    put(model, authority.bundle((model / manifest.FILE).read_bytes()))

    signature = signing.check(model, by_identity(authority, tmp_path), is_required=True)

    assert signature is not None
    assert (signature.signer, signature.issuer) == (IDENTITY, ISSUER)
    assert signature.signed_at == SIGNED_AT.timestamp()


def test_another_identity_another_authority_or_another_time_are_not_trusted(
    model: Path, authority: Authority, tmp_path: Path
) -> None:
    content = (model / manifest.FILE).read_bytes()
    known = by_identity(authority, tmp_path)
    late = authority.bundle(content, at=SIGNED_AT + timedelta(hours=1))
    unlogged = authority.bundle(content)
    unlogged["verificationMaterial"]["tlogEntries"] = []
    cases = {
        "not among the trusted identities": (
            authority.bundle(content),
            by_identity(authority, tmp_path, "x@y"),
        ),
        "is not trusted": (Authority().bundle(content), known),
        "certificate was not valid": (late, known),
        "lacks what can be checked": (unlogged, known),
        "names no trusted_root.json": (authority.bundle(content), signing.Trusted()),
    }
    for said, (bundle, whom) in cases.items():
        put(model, bundle)
        with pytest.raises(UntrustedModel, match=said):
            signing.check(model, whom, is_required=True)


def test_a_log_that_has_something_else_is_refused(model: Path, authority: Authority, tmp_path: Path) -> None:
    put(model, authority.bundle((model / manifest.FILE).read_bytes(), logged=b"something else"))

    with pytest.raises(ModelDamaged, match="has another signature"):
        signing.check(model, by_identity(authority, tmp_path))


def test_provenance_names_the_files_the_code_the_data_and_the_packages(model: Path, key: Path) -> None:
    origin = provenance.Origin(
        run_id="a" * 32,
        params={"depth": "3"},
        commit=provenance.Commit(repository="https://example.com/r.git", sha="c" * 40, is_dirty=True),
        datasets=[provenance.Dataset(name="train", digest="d1", context="training")],
        saved_at=1_760_000_000_000,
        version="0.1.0",
    )

    digests = provenance.write(model, origin, [Package(name="numpy", version="2.4.6")])
    manifest.write(model, digests)
    signing.sign(model, key)

    statement = provenance.read(model)
    assert statement is not None
    assert statement["subject"] == [{"name": "MLmodel", "digest": {"sha256": digests.files[0].sha256}}]
    definition = statement["predicate"]["buildDefinition"]
    named = [entry.get("uri") or entry["name"] for entry in definition["resolvedDependencies"]]
    assert named == ["git+https://example.com/r.git", "train", "pkg:pypi/numpy@2.4.6"]
    assert statement["predicate"]["runDetails"]["metadata"]["finishedOn"] == "2025-10-09T08:53:20Z"
    (model / provenance.FILE).write_text("{}")
    with pytest.raises(ModelDamaged, match=r"provenance\.json"):
        manifest.check(model)
