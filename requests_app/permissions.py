"""Who may see and do what: every query of staff begins here, so that none reaches another holder's case."""

from __future__ import annotations

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db.models import QuerySet

from requests_app.models import Case, Feedback, Membership

User = AbstractBaseUser | AnonymousUser
ACTING = frozenset({Membership.Role.HANDLER, Membership.Role.LEAD})


def memberships_of(user: User) -> QuerySet[Membership]:
    """Return the memberships of an active user; none for anybody else."""
    if not user.is_authenticated or not user.is_active:
        return Membership.objects.none()
    return Membership.objects.filter(user_id=user.pk).select_related("holder")


def cases_of(user: User) -> QuerySet[Case]:
    """Return the cases of the holders that `user` belongs to, and no others; being a superuser opens none."""
    return Case.objects.filter(holder__in=memberships_of(user).values("holder")).exclude(state="purged")


def membership_for(user: User, case: Case) -> Membership | None:
    """Return the membership by which `user` may open `case`, or None."""
    return memberships_of(user).filter(holder_id=case.holder_id).first()


def desk_membership(user: User) -> Membership | None:
    """Return the membership by which `user` works at the service desk, or None."""
    return memberships_of(user).filter(holder__is_desk=True).first()


def feedback_of(user: User) -> QuerySet[Feedback]:
    """Return all feedback for a member of the service desk, and none for anybody else, superusers included."""
    return Feedback.objects.all() if desk_membership(user) else Feedback.objects.none()


def may_act(membership: Membership) -> bool:
    """Return whether this membership may change a case and not only look at it."""
    return membership.role in ACTING
