"""What every test may use: the environment of the run, its databases, its services."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from pathlib import Path

import django
import pytest
from django.utils import translation
from hypothesis import settings as hypothesis_settings

from tests import run_environment, services
from tools import setup

# Before any test module is imported, hence here. pytest-django would start Django before this file is read,
# with whatever environment there is, if pyproject.toml or the environment named the settings; so neither does.
run_environment.make()
django.setup()
run_environment.hide_from_workers()

# Workers share their cores with browsers and servers: how long an example takes says nothing of the code.
hypothesis_settings.register_profile("portal", deadline=None, print_blob=True)
hypothesis_settings.load_profile("portal")

SLOW = (Path(__file__).parent / "faults", Path(__file__).parent / "browser")
"""Where tests take up to a minute each: they start portals and kill them, or drive a browser."""


def pytest_configure(config: pytest.Config) -> None:
    """Bring message files, fonts and static files up to date, once per run."""
    if run_environment.is_controller() and not config.option.collectonly:
        setup.build()


def pytest_report_header() -> str:
    """Tell the database of this run."""
    return f"database: {run_environment.DATABASE}"


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(
    config: pytest.Config, items: list[pytest.Item]
) -> Generator[None, None, None]:
    """Give each test the markers that follow from what it uses, and leave out those of another database.

    - `django_db` without `databases` means both databases: nearly every write touches the key store too.
    - Using `redis`, `postgres` or a browser marks a test so.
    - A test marked `postgres` without the fixture `postgres` belongs to the PostgreSQL run alone.

    What takes longest comes first, in an order otherwise random: a long file begun last would keep one worker busy
    while the others wait.
    """
    left_out = []
    for item in items:
        marker = item.get_closest_marker("django_db")
        if marker is not None and len(marker.args) < 3 and "databases" not in marker.kwargs:
            both = pytest.mark.django_db(*marker.args, **marker.kwargs, databases="__all__")
            item.add_marker(both, append=False)
        fixtures = getattr(item, "fixturenames", [])
        for need in ("redis", "postgres", "browser"):
            if need in fixtures and item.get_closest_marker(need) is None:
                item.add_marker(need)
        if (
            item.get_closest_marker("postgres")
            and "postgres" not in fixtures
            and run_environment.DATABASE != "postgres"
        ):
            left_out.append(item)
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]
    yield
    items.sort(key=lambda item: not any(item.path.is_relative_to(folder) for folder in SLOW))


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip (in CI: fail) a test whose service or program the machine lacks."""
    for need in services.NEEDS:
        if item.get_closest_marker(need) is not None:
            services.require(need)


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    """Let each test begin in English, the language of the sources; pages speak that of their address."""
    with translation.override("en"):
        yield


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Keep SQLite's test databases in files: threads and processes can't share one in memory."""
    from django.conf import settings

    if run_environment.DATABASE == "sqlite":
        for alias, database in settings.DATABASES.items():
            database.setdefault("TEST", {})["NAME"] = str(
                run_environment.own_folder() / f"test-{alias}.sqlite3"
            )


@pytest.fixture(scope="session")
def _redis_of_worker() -> Iterator[services.Redis]:
    services.require("redis")
    with services.running(services.Redis()) as server:
        yield server


@pytest.fixture
def redis(_redis_of_worker: services.Redis) -> services.Redis:
    """Return this worker's own Redis, running and empty: a test may flush, kill and start it again."""
    if _redis_of_worker.process is None:
        _redis_of_worker.start()
    _redis_of_worker.flush()
    return _redis_of_worker


@pytest.fixture(scope="session")
def postgres() -> Iterator[services.Postgres]:
    """Return a PostgreSQL for processes that a test starts, whatever database the run itself uses."""
    services.require("postgres")
    with services.running(services.Postgres()) as server:
        yield server
