"""What is counted of the staff's logins is stored by a hash, and not for longer than it counts."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client, override_settings
from django.utils import timezone

from portal.accounts import cache_key
from requests_app.doors import limits

pytestmark = pytest.mark.django_db(databases=["default", "keys"])
ADDRESS = "198.51.100.23"


def stored() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key FROM portal_cache")
        return [row[0] for row in cursor.fetchall()]


@pytest.fixture(autouse=True)
def _empty() -> None:
    cache.clear()


def test_a_wrong_login_leaves_no_address_in_the_table(client: Client) -> None:
    login = {"login": "nobody", "password": "wrong"}
    assert client.post("/staff/account/login/", login, REMOTE_ADDR=ADDRESS).status_code == 200
    keys = stored()
    assert keys
    assert not [key for key in keys if ADDRESS in key or "nobody" in key]


def test_equal_keys_are_equal_and_others_are_not() -> None:
    assert cache_key("a", "", 1) == cache_key("a", "", 1)
    assert (
        len({cache_key("a", "", 1), cache_key("b", "", 1), cache_key("a", "", 2), cache_key("a", "x", 1)})
        == 4
    )
    before = cache_key("a", "", 1)
    with override_settings(SECRET_KEY="another"):
        assert cache_key("a", "", 1) != before


def test_what_no_longer_counts_is_deleted() -> None:
    cache.set("counts", 1, timeout=3600)
    cache.set("counted", 1, timeout=3600)
    with connection.cursor() as cursor:
        past = connection.ops.adapt_datetimefield_value(timezone.now() - timedelta(seconds=5))
        cursor.execute(
            "UPDATE portal_cache SET expires = %s WHERE cache_key = %s", [past, cache.make_key("counted")]
        )
    limits.clear_expired()
    assert stored() == [cache.make_key("counts")]
