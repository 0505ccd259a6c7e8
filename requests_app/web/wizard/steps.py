"""The order of the wizard's steps: which apply to the answers, which comes next, which is still to be answered."""

from __future__ import annotations

from requests_app.rules.vocabulary import STEPS
from requests_app.web.wizard.draft import Draft

QUESTIONS = STEPS[: STEPS.index("check")]
"""The steps that ask something; `check` and `done` follow them."""

AFFECT_ROUTING = frozenset({"information", "period", "services"})


def order(draft: Draft | None) -> tuple[str, ...]:
    """Return the questions that apply: the services are asked where background data are asked for."""
    asks_background = draft is not None and "background" in draft.answers.categories
    return tuple(step for step in QUESTIONS if step != "services" or asks_background)


def unfinished(draft: Draft | None) -> str | None:
    """Return the first question that applies and was not answered, or None where all were."""
    done = draft.done if draft else set()
    return next((step for step in order(draft) if step not in done), None)


def may_open(step: str, draft: Draft | None) -> bool:
    """Say whether every question before `step` was answered, and `step` applies."""
    steps = (*order(draft), "check")
    if step not in steps:
        return False
    done = draft.done if draft else set()
    return all(earlier in done for earlier in steps[: steps.index(step)])


def before(step: str, draft: Draft | None) -> str | None:
    """Return the step before, None for the first one."""
    steps = (*order(draft), "check")
    place = steps.index(step) if step in steps else 0
    return steps[place - 1] if place else None


def after(step: str, draft: Draft | None) -> str:
    """Return the step that follows a question; after the last one the answers are checked."""
    steps = (*order(draft), "check")
    return steps[steps.index(step) + 1] if step in steps[:-1] else "check"
