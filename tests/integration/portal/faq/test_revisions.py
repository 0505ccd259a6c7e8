"""Every save keeps the text before it; what a translation was made from is known by field; due texts go public."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from portal.faq import publishing, revisions
from portal.faq.content import field_digest
from portal.faq.models import ChangeNote, ContentRevision, Entry, FieldState, Revision, Translation
from portal.faq.revisions import (
    Author,
    Compared,
    Overtaken,
    content_revision,
    drop_waiting,
    history,
    publish_due,
    restore,
    save,
    withdraw,
)
from portal.faq.stored import column
from tests.small_faq import MINE, NOBODY, OTHER, import_small_faq, state, status, the

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _faq() -> None:
    import_small_faq()


@pytest.fixture
def maija() -> Author:
    return revisions.author(User.objects.create_user("maija", first_name="Maija", last_name="Mallikas"))


def publish(language: str = "ar", *, key: str = MINE, by: Author = NOBODY, **texts: str) -> Revision:
    """Save changed fields as an editor does who has today's source beside them."""
    unit = the(key)
    revision = save(unit, language, texts, status="unreviewed", by=by, compared=Compared(unit.digests()))
    assert revision is not None
    return revision


def shown(language: str = "ar", key: str = MINE) -> publishing.EntryView:
    view = publishing.entry(key, language)
    assert view is not None
    return view


# -------------------------------------------------------------------------------------------------------- history


def test_an_import_is_the_first_revision_of_each_language() -> None:
    for language in ("fi", "sv", "en", "ar"):
        (only,) = history(the(MINE), language)
        assert only.origin == Revision.Origin.FILES
        assert only.texts == the(MINE).texts(language)
        assert only.applied_at is not None


def test_every_save_keeps_the_text_before_it_and_who_wrote_it(maija: Author) -> None:
    before = the(MINE).text("short", "ar")
    publish(by=maija, short="واحد.")
    publish(by=maija, short="اثنان.")

    texts = [(one.texts["short"], one.user_name) for one in history(the(MINE), "ar")]
    assert texts == [("اثنان.", "Maija Mallikas"), ("واحد.", "Maija Mallikas"), (before, "")]
    assert the(MINE).text("short", "ar") == "اثنان."
    assert str(shown().short) == "اثنان."


def test_a_name_stays_when_the_account_goes(maija: Author) -> None:
    publish(by=maija, short="واحد.")
    assert state(MINE, "ar", "short").user == maija.user
    assert maija.user is not None
    maija.user.delete()

    newest = history(the(MINE), "ar")[0]
    assert (newest.user, newest.user_name) == (None, "Maija Mallikas")
    kept = state(MINE, "ar", "short")
    assert (kept.user, kept.user_name) == (None, "Maija Mallikas")


def test_a_text_written_in_another_way_is_kept_too() -> None:
    Entry.objects.filter(slug=MINE).update(**{column("short", "ar"): "من مكان آخر."})

    publish(short="جديد.")

    texts = [(one.texts["short"], one.origin) for one in history(the(MINE), "ar")][:2]
    assert texts == [("جديد.", "editor"), ("من مكان آخر.", "found")]


def test_saving_what_is_there_saves_nothing() -> None:
    unit = the(MINE)
    before = content_revision()

    assert save(unit, "ar", unit.texts("ar"), status="unreviewed", by=NOBODY) is None
    assert save(unit, "ar", unit.texts("ar"), status="draft", by=NOBODY) is None

    assert history(unit, "ar").count() == 1
    assert content_revision() == before


def test_another_language_is_left_alone() -> None:
    stale = the(MINE)
    publish("sv", short="Ny.")

    # A page that was read before the Swedish text changed saves the Arabic one.
    save(stale, "ar", {"short": "جديد."}, status="unreviewed", by=NOBODY)

    assert the(MINE).text("short", "sv") == "Ny."
    assert the(MINE).text("short", "ar") == "جديد."


def test_the_column_without_a_language_follows_the_default_one() -> None:
    publish("fi", question="Uusi kysymys?")

    row = Entry.objects.rewrite(False).values_list("question", column("question", "fi")).get(slug=MINE)
    assert row == ("Uusi kysymys?", "Uusi kysymys?")


def test_a_field_that_the_text_does_not_have_is_passed_over() -> None:
    texts = {"short": "جديد.", "note-0": "x", "slug": "y", "imported_digest": "z"}
    save(the(MINE), "ar", texts, status="unreviewed", by=NOBODY)

    assert set(history(the(MINE), "ar")[0].texts) == {field.key for field in the(MINE).fields}
    assert the(MINE).entry.slug == MINE  # type: ignore[attr-defined]


def test_who_saves_on_top_of_somebody_else_s_text_is_told() -> None:
    seen = revisions.newest(the(MINE), "ar")
    publish(short="واحد.")

    with pytest.raises(Overtaken):
        save(the(MINE), "ar", {"short": "اثنان."}, status="unreviewed", by=NOBODY, seen=seen)

    assert the(MINE).text("short", "ar") == "واحد."


# ---------------------------------------------------------------------------------------------------------- drafts


def test_a_draft_is_kept_and_not_public() -> None:
    before = (shown(), content_revision())

    draft = save(the(MINE), "ar", {"short": "مسودة."}, status="draft", by=NOBODY)

    assert draft is not None
    assert draft.is_waiting
    assert draft.applied_at is None
    assert (shown(), content_revision()) == before
    texts, waiting = revisions.beginning(the(MINE), "ar")
    assert (texts["short"], waiting) == ("مسودة.", draft)


def test_one_text_waits_at_a_time_and_publishing_ends_the_waiting() -> None:
    save(the(MINE), "ar", {"short": "واحد."}, status="draft", by=NOBODY)
    save(the(MINE), "ar", {"question": "سؤال؟"}, status="draft", by=NOBODY)
    assert Revision.objects.filter(is_waiting=True).count() == 1
    # The second draft went on from the first.
    assert revisions.beginning(the(MINE), "ar")[0]["short"] == "واحد."

    publish(body="جسم.")

    assert not Revision.objects.filter(is_waiting=True).exists()
    assert [the(MINE).text(name, "ar") for name in ("question", "short", "body")] == [
        "سؤال؟",
        "واحد.",
        "جسم.",
    ]


def test_a_dropped_draft_stays_in_the_history() -> None:
    draft = save(the(MINE), "ar", {"short": "مسودة."}, status="draft", by=NOBODY)
    before = the(MINE).texts("ar")

    assert drop_waiting(the(MINE), "ar")
    assert not drop_waiting(the(MINE), "ar")

    assert revisions.beginning(the(MINE), "ar") == (before, None)
    assert draft in history(the(MINE), "ar")


def test_a_language_begins_with_a_draft() -> None:
    Entry.objects.filter(slug=MINE).update(
        **{column(name, "ar"): None for name in ("question", "short", "body")}
    )
    ChangeNote.objects.filter(entry__slug=MINE).update(**{column("text", "ar"): None})
    Translation.objects.filter(entry__slug=MINE, language="ar").delete()

    save(the(MINE), "ar", {"question": "سؤال؟"}, status="draft", by=NOBODY)
    assert shown().is_fallback
    assert status(MINE, "ar") == "draft"

    publish(short="قصير.", body="جسم.")
    assert not shown().is_fallback
    assert status(MINE, "ar") == "unreviewed"


def test_without_both_official_languages_nothing_is_public() -> None:
    withdraw(the(MINE), "sv", by=NOBODY)
    publish(short="جديد.")

    assert publishing.entry(MINE, "ar") is None
    assert publishing.entry(OTHER, "ar") is not None

    save(the(MINE), "sv", {}, status="unreviewed", by=NOBODY)
    assert str(shown().short) == "جديد."


# ----------------------------------------------------------------------------------------------------- out of date


def test_a_changed_source_makes_its_translations_out_of_date_by_field() -> None:
    assert shown().source_changed_on is None

    publish("fi", short="Uusi lyhyt vastaus.")

    assert shown("fi").source_changed_on is None
    for language in ("sv", "en", "ar"):
        assert shown(language).source_changed_on == timezone.localdate()
        assert revisions.made_from(the(MINE), language)["short"] != field_digest("Uusi lyhyt vastaus.")
    assert shown("ar", OTHER).source_changed_on is None


def test_it_is_derived_so_that_going_back_ends_it() -> None:
    former = the(MINE).text("short", "fi")
    publish("fi", short="Uusi.")
    publish("fi", short=former)

    assert shown().source_changed_on is None


def test_the_day_is_that_of_the_source_s_change() -> None:
    publish("fi", short="Uusi.")
    then = timezone.now() - timedelta(days=40)
    FieldState.objects.filter(translation__language="fi", field="short").update(text_at=then)
    FieldState.objects.filter(translation__language="fi", field="body").update(
        text_at=timezone.now() + timedelta(days=1)
    )

    assert shown().source_changed_on == timezone.localdate(then)


def test_a_fallback_tells_of_its_own_language() -> None:
    publish("fi", short="Uusi.")
    withdraw(the(MINE), "ar", by=NOBODY)

    view = shown()
    assert view.is_fallback
    assert view.language.code == "fi"
    assert view.source_changed_on is None


def test_only_the_field_that_followed_is_up_to_date_again() -> None:
    publish("fi", short="Uusi lyhyt.", body="Uusi vastaus.")

    publish(short="قصير جديد.")
    made = revisions.made_from(the(MINE), "ar")
    assert made["short"] == field_digest("Uusi lyhyt.")
    assert made["body"] != field_digest("Uusi vastaus.")
    assert shown().source_changed_on is not None

    unit = the(MINE)
    save(unit, "ar", {}, status="unreviewed", by=NOBODY, compared=Compared(unit.digests(), ["body"]))
    assert shown().source_changed_on is None


def test_a_review_of_the_whole_compares_the_whole(maija: Author) -> None:
    publish("fi", short="Uusi lyhyt.", body="Uusi vastaus.")
    unit = the(MINE)

    save(unit, "ar", {}, status="reviewed", by=maija, compared=Compared(unit.digests()))

    assert shown().source_changed_on is None
    assert not shown().is_unreviewed
    for field in ("question", "short", "body"):
        assert (state(MINE, "ar", field).status, state(MINE, "ar", field).user) == ("reviewed", maija.user)


def test_a_text_written_beside_an_older_source_stays_out_of_date() -> None:
    shown_to_the_editor = the(MINE).digests()
    publish("fi", short="Uusi.")

    save(
        the(MINE),
        "ar",
        {"short": "جديد."},
        status="unreviewed",
        by=NOBODY,
        compared=Compared(shown_to_the_editor),
    )

    assert shown().source_changed_on is not None


def test_an_edit_of_one_field_keeps_the_review_of_the_others() -> None:
    save(the(MINE), "ar", {}, status="reviewed", by=NOBODY)

    publish(short="جديد.")

    assert state(MINE, "ar", "short").status == "unreviewed"
    assert state(MINE, "ar", "body").status == "reviewed"
    assert status(MINE, "ar") == "unreviewed"
    assert shown().is_unreviewed


def test_a_review_can_be_taken_back() -> None:
    save(the(MINE), "ar", {}, status="reviewed", by=NOBODY)
    save(the(MINE), "ar", {}, status="unreviewed", by=NOBODY)

    assert status(MINE, "ar") == "unreviewed"
    assert not FieldState.objects.filter(translation__language="ar", status="reviewed").exists()


def test_the_day_of_last_change_is_that_of_the_words() -> None:
    then = timezone.now() - timedelta(days=9)
    Translation.objects.filter(entry__slug=MINE, language="ar").update(updated_at=then)

    save(the(MINE), "ar", {}, status="reviewed", by=NOBODY)
    assert shown().changed_on == timezone.localdate(then)

    publish(short="جديد.")
    assert shown().changed_on == timezone.localdate()


# -------------------------------------------------------------------------------------------------------- restoring


def test_restoring_is_a_new_revision(maija: Author) -> None:
    first = history(the(MINE), "ar")[0]
    publish(short="واحد.")

    restored = restore(the(MINE), first, status="unreviewed", by=maija)

    assert restored is not None
    assert (restored.origin, restored.user_name) == ("restored", "Maija Mallikas")
    assert the(MINE).text("short", "ar") == first.texts["short"]
    assert [one.texts["short"] for one in history(the(MINE), "ar")][1] == "واحد."
    first.refresh_from_db()
    assert first.origin == "files"


def test_a_restored_text_is_as_old_as_it_was() -> None:
    first = history(the(MINE), "ar")[0]
    publish("fi", short="Uusi.")
    publish(short="جديد.")
    assert shown().source_changed_on is None

    restore(the(MINE), first, status="unreviewed", by=NOBODY)

    assert shown().source_changed_on is not None


def test_a_text_can_be_restored_as_a_draft() -> None:
    first = history(the(MINE), "ar")[0]
    publish(short="واحد.")

    restore(the(MINE), first, status="draft", by=NOBODY)

    assert the(MINE).text("short", "ar") == "واحد."
    assert revisions.beginning(the(MINE), "ar")[0]["short"] == first.texts["short"]


# --------------------------------------------------------------------------------------------------------- planned


def plan(moment: timedelta, **texts: str) -> Revision:
    at = timezone.now() + moment
    revision = save(the(MINE), "ar", texts, status="reviewed", by=NOBODY, publish_at=at)
    assert revision is not None
    return revision


def test_a_planned_text_waits_for_its_moment() -> None:
    before = content_revision()
    planned = plan(timedelta(hours=1), short="لاحقًا.")

    assert publish_due() == 0
    assert str(shown().short) != "لاحقًا."
    assert content_revision() == before

    assert publish_due(timezone.now() + timedelta(hours=2)) == 1
    assert str(shown().short) == "لاحقًا."
    assert status(MINE, "ar") == "reviewed"
    assert content_revision() != before
    planned.refresh_from_db()
    assert (planned.is_waiting, planned.publish_at) == (False, None)
    assert planned.applied_at is not None


def test_it_goes_public_once() -> None:
    plan(timedelta(hours=1), short="لاحقًا.")
    later = timezone.now() + timedelta(hours=2)

    assert [publish_due(later), publish_due(later)] == [1, 0]


def test_a_moment_that_is_over_means_at_once() -> None:
    revision = plan(timedelta(seconds=-1), short="الآن.")

    assert not revision.is_waiting
    assert str(shown().short) == "الآن."


def test_a_text_saved_meanwhile_ends_the_plan() -> None:
    plan(timedelta(hours=1), short="لاحقًا.")
    publish(question="سؤال؟")

    assert publish_due(timezone.now() + timedelta(hours=2)) == 0
    # The planned words were what the editor went on from.
    assert the(MINE).text("short", "ar") == "لاحقًا."


def test_what_an_import_changed_meanwhile_is_kept_when_the_plan_comes_due() -> None:
    plan(timedelta(hours=1), short="لاحقًا.")
    Entry.objects.filter(slug=MINE).update(**{column("short", "ar"): "من الملف."})

    publish_due(timezone.now() + timedelta(hours=2))

    assert the(MINE).text("short", "ar") == "لاحقًا."
    assert "من الملف." in [one.texts["short"] for one in history(the(MINE), "ar")]


def test_a_plan_can_be_moved() -> None:
    plan(timedelta(hours=1), short="لاحقًا.")
    plan(timedelta(hours=5))

    assert publish_due(timezone.now() + timedelta(hours=2)) == 0
    assert publish_due(timezone.now() + timedelta(hours=6)) == 1


def test_the_sweep_publishes_what_is_due() -> None:
    from requests_app.actions import sweep

    planned = plan(timedelta(hours=1), short="لاحقًا.")
    Revision.objects.filter(pk=planned.pk).update(publish_at=timezone.now() - timedelta(seconds=1))

    sweep.sweep()

    assert str(shown().short) == "لاحقًا."


def test_a_failing_errand_stops_no_sweep(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from requests_app.actions import sweep

    def fail() -> int:
        raise ValueError("planted")

    monkeypatch.setattr(revisions, "publish_due", fail)

    sweep.sweep()

    assert sweep.age_of(sweep.SWEEP) is not None
    assert any("errand" in record.getMessage() for record in caplog.records)


# ------------------------------------------------------------------------------------------------ the public's token


def test_the_token_changes_with_what_readers_get_and_only_then() -> None:
    seen = [content_revision()]
    assert seen[0]

    def moved() -> bool:
        seen.append(content_revision())
        return seen[-1] not in seen[:-1]

    import_small_faq()
    assert not moved()
    save(the(MINE), "ar", {"short": "مسودة."}, status="draft", by=NOBODY)
    assert not moved()
    publish(short="جديد.")
    assert moved()
    save(the(MINE), "ar", {}, status="reviewed", by=NOBODY)
    assert moved()
    withdraw(the(MINE), "ar", by=NOBODY)
    assert moved()
    import_small_faq(glossary=True)
    assert moved()
    assert ContentRevision.objects.count() == 1


def test_reading_the_token_costs_one_query(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(1):
        content_revision()


def test_before_the_first_import_there_is_no_token() -> None:
    ContentRevision.objects.all().delete()
    assert content_revision() == ""
