"""Public pages across processes: workers, publishing and nginx send the same bytes, and all of them follow a change."""

from __future__ import annotations

import contextlib
import http.client
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.faq.content import CONTENT, SLUGS
from portal.prepared.folder import LIST, file_name
from portal.prepared.pages import public_paths
from tests.portal_process import Portal
from tests.services import NGINX_MODULES, Nginx, free_port, running
from tools.setup import ROOT

ENDINGS = {"": "", "gzip": ".gz", "br": ".br"}
ENTRY = f"/en/faq/{SLUGS[7]}/"


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[Portal]:
    with Portal(tmp_path / "var") as running:
        yield running


def ask(
    connection: http.client.HTTPConnection, path: str, *, method: str = "GET", **headers: str
) -> tuple[int, dict[str, str], bytes]:
    """Return status, headers and content of an answer, as it came over the wire."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request(method, path, headers=named)
    answer = connection.getresponse()
    return answer.status, dict(answer.getheaders()), answer.read()


def to(port: int) -> contextlib.closing[http.client.HTTPConnection]:
    return contextlib.closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30))


@pytest.mark.timeout(600)  # Three publishings of every page, each as long as the machine is loaded.
def test_workers_and_publishings_agree_and_follow_an_import(portal: Portal, tmp_path: Path) -> None:
    folders = [tmp_path / name for name in ("one", "two")]
    for seed, folder in enumerate(folders):
        # Sets are in another order in each process; a page made from one would differ.
        portal.environment["PYTHONHASHSEED"] = str(seed)
        portal.run_command("publish", str(folder))
    files = [file.relative_to(folders[0]) for file in folders[0].rglob("*") if file.is_file()]
    assert len(files) == 3 * len(public_paths()) + 1
    for file in files:
        assert (folders[0] / file).read_bytes() == (folders[1] / file).read_bytes(), file
    for path in public_paths():
        # A connection each: gunicorn's two workers take turns as they like.
        with to(portal.port) as connection:
            status, headers, content = ask(connection, path, Accept_Encoding="br")
        assert (status, headers["Vary"]) == (200, "Accept-Encoding")
        assert content == (folders[0] / f"{file_name(path)}.br").read_bytes(), path

    changed = Path(shutil.copytree(CONTENT, tmp_path / "content"))
    file = changed / "en" / f"{SLUGS[7]}.md"
    file.write_text(re.sub("(?m)^question: .*$", "question: Changed?", file.read_text(), count=1))
    portal.run_command("import_faq", "--folder", str(changed))
    etags = set()
    for _ in range(16):
        with to(portal.port) as connection:
            _, headers, content = ask(connection, ENTRY)
        assert b"Changed?" in content
        etags.add(headers["ETag"])
    assert len(etags) == 1
    before = (folders[0] / LIST).read_text()
    portal.run_command("publish", str(folders[0]))
    assert (folders[0] / LIST).read_text() != before
    assert b"Changed?" in (folders[0] / f"{file_name(ENTRY)}").read_bytes()


# ------------------------------------------------------------------------------------------------------------- nginx


def site(*, port: int, portal: int, folder: Path) -> str:
    """Return the site of docs/deployment.md, for a test: without TLS, with these ports and this folder."""
    text = (ROOT / "docs" / "deployment.md").read_text(encoding="utf-8")
    found = re.search(r"```nginx\n(.*?)```", text, re.DOTALL)
    assert found
    changes = {
        r"server \{\s+listen 80;.*?\n\}": "",
        r"listen 443 ssl;": f"listen 127.0.0.1:{port};",
        r"ssl_\w+ [^;]+;": "",
        r"/srv/tietoni/public": str(folder),
        r"http://127\.0\.0\.1:8000": f"http://127.0.0.1:{portal}",
        r"/var/log/nginx/tietoni\.log": f"{folder.parent}/access.log",
        r"proxy_set_header Host \$host;": "proxy_set_header Host $http_host;",
    }
    if not list(NGINX_MODULES.glob("*brotli-static.conf")):
        changes[r"brotli_static on;"] = ""
    conf = found[1]
    for pattern, new in changes.items():
        conf, count = re.subn(pattern, new, conf, flags=re.DOTALL)
        assert count, pattern
    return conf


# Of the last three the test looks for itself.
OWN_TO_EACH = {
    *("Server", "Date", "Connection", "Keep-Alive", "ETag", "Last-Modified", "Accept-Ranges"),
    *("Strict-Transport-Security", "Content-Security-Policy", "Content-Language"),
}


@pytest.mark.nginx
def test_nginx_as_documented_sends_what_the_portal_sends(portal: Portal, tmp_path: Path) -> None:
    folder, port = tmp_path / "public", free_port()
    portal.run_command("publish", str(folder))
    has_brotli = bool(list(NGINX_MODULES.glob("*brotli-static.conf")))
    nginx = Nginx(port=port, sites=site(port=port, portal=portal.port, folder=folder))
    with running(nginx), to(port) as in_front, to(portal.port) as behind:
        for path in public_paths():
            for encoding in ("br", "gzip", "") if has_brotli else ("gzip", ""):
                status, headers, content = ask(in_front, path, Accept_Encoding=encoding)
                own_status, own, own_content = ask(behind, path, Accept_Encoding=encoding)
                assert (status, content) == (own_status, own_content) == (200, own_content), path
                assert "Last-Modified" in headers, path  # It was a file.
                assert {name: value for name, value in headers.items() if name not in OWN_TO_EACH} == {
                    name: value for name, value in own.items() if name not in OWN_TO_EACH
                }, path
                # A page in a fallback language names that one as well; tags are the same in any case (RFC 5646, 2.1.1).
                assert headers["Content-Language"] == own["Content-Language"].split(",")[0].lower(), path
                policies = [one["Content-Security-Policy"].split("; ") for one in (headers, own)]
                assert sorted(policies[0]) == sorted(policies[1])
        etag = ask(in_front, ENTRY, Accept_Encoding="gzip")[1]["ETag"]
        status, headers, content = ask(in_front, ENTRY, Accept_Encoding="gzip", If_None_Match=etag)
        assert (status, content) == (304, b"")
        assert not etag.startswith("W/")
        assert "max-age=63072000" in headers["Strict-Transport-Security"]

        status, headers, content = ask(in_front, "/ar/faq/unknown/")
        assert (status, b'<html lang="ar"' in content) == (404, True)
        for path in ("/ar/request/kind/", "/ar/track/", "/ar/verify/?code=x"):
            status, headers, _ = ask(in_front, path)
            assert status < 500, path
            assert headers["Cache-Control"] == "no-store, private"
        status, _, content = ask(in_front, f"{ENTRY}%2e%2e/%2e%2e/%2e%2e/.published.json")
        assert (status, b'"revision"' in content) == (404, False)
        status, _, content = ask(in_front, "/.published.json")
        assert (status, b'"revision"' in content) == (404, False)
    logged = (tmp_path / "access.log").read_text()
    assert "/ar/verify/" in logged
    assert "/track/" not in logged
    assert "/request/" not in logged
