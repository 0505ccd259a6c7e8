"""The secrets of `make run`: made once, read by nobody else, never replaced; the caller's environment wins."""

from __future__ import annotations

import base64
import stat
from pathlib import Path

import pytest

from tools import environment


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_secrets_are_made_once_and_only_for_their_owner(tmp_path: Path) -> None:
    file = tmp_path / "var" / "secrets.env"
    first = environment.read_or_make(file)
    assert mode(file) == 0o600
    assert mode(file.parent) == 0o700
    assert environment.read_or_make(file) == first
    assert [path.name for path in file.parent.iterdir()] == ["secrets.env"]
    ring_id, _, key = first["VAULT_KEYS"].partition(":")
    assert ring_id
    assert len(base64.b64decode(key, validate=True)) == 32
    assert base64.b64decode(first["SEAL_KEY"]).startswith(b"-----BEGIN PRIVATE KEY-----")
    assert base64.b64decode(first["SEAL_CERT"]).startswith(b"-----BEGIN CERTIFICATE-----")


def test_loose_permissions_are_tightened(tmp_path: Path) -> None:
    file = tmp_path / "var" / "secrets.env"
    environment.read_or_make(file)
    file.chmod(0o644)
    file.parent.chmod(0o755)
    environment.read_or_make(file)
    assert mode(file) == 0o600
    assert mode(file.parent) == 0o700


def test_a_start_that_comes_second_takes_the_secrets_of_the_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "secrets.env"

    def generate_while_another_start_finishes() -> dict[str, str]:
        file.write_text("SECRET_KEY=of-the-first\n")
        return {"SECRET_KEY": "of-the-second"}

    monkeypatch.setattr(environment, "generate", generate_while_another_start_finishes)
    assert environment.read_or_make(file) == {"SECRET_KEY": "of-the-first"}


def test_two_portals_share_no_secret() -> None:
    one, other = environment.generate(), environment.generate()
    assert not set(one.values()) & set(other.values())


def test_what_the_environment_says_wins(tmp_path: Path) -> None:
    made = environment.portal_environment(
        var=tmp_path / "a folder", port=8123, inherited={"SECRET_KEY": "mine", "OPERATOR": "City"}
    )
    assert made["SECRET_KEY"] == "mine"
    assert made["OPERATOR"] == "City"
    assert made["BASE_URL"] == "http://127.0.0.1:8123"
    assert made["DATABASE_URL"] == f"sqlite:///{tmp_path}/a%20folder/tietoni.sqlite3"


@pytest.mark.parametrize(("text", "port"), [("", 8000), ("1", 1), ("65535", 65535)])
def test_port(text: str, port: int) -> None:
    assert environment.asked_port({"PORT": text}) == port


@pytest.mark.parametrize("text", ["0", "65536", "-1", "80a", "٨٠", " 80", "8e3"])
def test_no_port(text: str) -> None:
    with pytest.raises(ValueError, match="PORT must be a number"):
        environment.asked_port({"PORT": text})
