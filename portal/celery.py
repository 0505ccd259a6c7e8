"""The Celery application, used only where REDIS_URL is set: a doorbell, never the place where work is kept."""

from __future__ import annotations

import os

from celery import Celery
from celery.signals import worker_init

from portal.checks import refuse_without_secrets

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

app = Celery("portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.update(
    # A worker that is killed must give its message back, and a bell nobody hears is rung again by the sweep.
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    worker_prefetch_multiplier=1,
    task_ignore_result=True,
    task_time_limit=120,
    task_serializer="json",
    accept_content=["json"],
    broker_connection_retry_on_startup=True,
    broker_transport_options={
        "visibility_timeout": 300,
        "socket_timeout": 3,
        "socket_connect_timeout": 1,
        # A person is waiting for the page while the bell rings: one try, at once.
        "max_retries": 0,
        "interval_start": 0,
    },
    timezone="Europe/Helsinki",
    worker_hijack_root_logger=False,
    beat_schedule={
        "sweep": {"task": "requests_app.sweep", "schedule": 15.0},
        "housekeeping": {"task": "requests_app.housekeeping", "schedule": 3600.0},
    },
)
app.autodiscover_tasks()


@worker_init.connect
def _refuse_without_secrets(**_: object) -> None:
    refuse_without_secrets()
