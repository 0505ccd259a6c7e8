"""The environment that `make run` gives the portal: secrets made once under var/, the rest from the port.

    .venv/bin/python -m tools.environment COMMAND …

runs one command in that environment, as env(1) would: a management command on the data of `make run`, say.
What the caller's own environment says wins over all of it.
"""

from __future__ import annotations

import base64
import os
import secrets
import sys
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

from tools.setup import ROOT

VAR = ROOT / "var"
SEAL_DAYS = 3 * 365


def generate() -> dict[str, str]:
    """Return fresh secrets for one portal, ready for its environment (names as in design.md, "Settings")."""
    from portal.papers.seal import generate_self_signed  # Heavy; only the first start needs it.

    key, certificate = generate_self_signed("Tietoni", valid_days=SEAL_DAYS)
    ring_id = f"k{secrets.token_hex(3)}"
    return {
        "SECRET_KEY": secrets.token_urlsafe(48),
        "VAULT_KEYS": f"{ring_id}:{base64.b64encode(secrets.token_bytes(32)).decode()}",
        "SEAL_KEY": base64.b64encode(key).decode(),
        "SEAL_CERT": base64.b64encode(certificate).decode(),
        "METRICS_TOKEN": secrets.token_urlsafe(24),
        "DEMO_PASSWORD": "-".join(secrets.token_hex(2) for _ in range(4)),
    }


def read_or_make(path: Path) -> dict[str, str]:
    """Return the secrets kept in `path` (lines of NAME=value); make the file where it is missing.

    Only its owner may read it (0600, folder 0700). It appears whole or not at all, and never over
    one that is there: losing a vault key loses every filing sealed under it.
    """
    path.parent.mkdir(mode=0o700, exist_ok=True)
    path.parent.chmod(0o700)
    if not path.exists():
        draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
        text = "".join(f"{name}={value}\n" for name, value in generate().items())
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)
        except FileExistsError:
            pass  # Another start was quicker; its secrets count.
        finally:
            draft.unlink()
    path.chmod(0o600)
    lines = path.read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))


def portal_environment(*, var: Path, port: int, inherited: Mapping[str, str]) -> dict[str, str]:
    """Return the whole environment of a portal on 127.0.0.1:`port` that keeps all it has in `var`.

    `inherited` is what it starts from and what wins: os.environ for a person, next to nothing for a test.
    """
    own = {
        **read_or_make(var / "secrets.env"),
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        "PYTHONPATH": str(ROOT),
        "VAR_DIR": str(var),
        "BASE_URL": f"http://127.0.0.1:{port}",
        "ALLOWED_HOSTS": "127.0.0.1,localhost",
        "DATABASE_URL": f"sqlite:///{quote(str(var / 'tietoni.sqlite3'))}",
        "KEYS_DATABASE_URL": f"sqlite:///{quote(str(var / 'keys.sqlite3'))}",
        "OPERATOR": "Demo operator",
    }
    return {**own, **inherited}


def asked_port(environment: Mapping[str, str]) -> int:
    """Return the port that PORT asks for, else 8000; raises ValueError with a message for the person."""
    text = environment.get("PORT") or "8000"
    if not text.isascii() or not text.isdigit() or not 0 < int(text) < 65536:
        raise ValueError(f"PORT must be a number from 1 to 65535, not {text!r}.")
    return int(text)


def main() -> None:
    """Become the command given, in the environment of `make run`."""
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    os.umask(0o077)
    try:
        port = asked_port(os.environ)
    except ValueError as error:
        sys.exit(str(error))
    environment = portal_environment(var=VAR, port=port, inherited=os.environ)
    os.execvpe(sys.argv[1], sys.argv[1:], environment)  # noqa: S606


if __name__ == "__main__":
    main()
