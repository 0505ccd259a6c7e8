"""Whether the reader works at the service desk, for the navigation of the staff's pages."""

from __future__ import annotations

from django import template

from requests_app import permissions
from requests_app.permissions import User

register = template.Library()


@register.filter
def works_at_desk(user: User) -> bool:
    """Return whether `user` is a member of the service desk."""
    return permissions.desk_membership(user) is not None
