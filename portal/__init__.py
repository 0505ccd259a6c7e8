"""The portal: project, public site, and what both halves stand on."""

from portal.celery import app as celery_app

__all__ = ["celery_app"]
