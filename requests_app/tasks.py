"""Celery tasks: thin, by name, each safe to run twice; with a broker they do the sweep's work at once."""

from __future__ import annotations

import uuid

from celery import shared_task

from requests_app.actions import notices, pipeline, sweep


@shared_task(name="requests_app.render")
def render(letter_id: str) -> bool:
    """Render one letter if it still waits; returns whether this run stored it."""
    letter = pipeline.claim(letter_id=uuid.UUID(letter_id))
    return pipeline.render(letter) if letter is not None else False


@shared_task(name="requests_app.send")
def send() -> int:
    """Send the notices that wait; returns how many were sent."""
    return notices.send_waiting()


@shared_task(name="requests_app.sweep")
def sweep_once() -> int:
    """Do what waits, whether or not the bell rang."""
    return sweep.sweep(most=50)


@shared_task(name="requests_app.housekeeping")
def housekeeping() -> None:
    """Forget, purge and export; hourly."""
    sweep.housekeeping()
