"""For the operator's machines: alive, ready, and the numbers for Prometheus (its text format, version 0.0.4)."""

from __future__ import annotations

import hmac
from collections.abc import Iterable

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from requests_app.actions import health


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Answer 200 while the process serves; it asks nothing else."""
    return HttpResponse("ok", content_type="text/plain")


@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Answer 200 when everything works, otherwise 503, and say of each part how it stands."""
    parts = health.parts()
    body = {part.name: {"ok": part.ok, "age_seconds": part.age_seconds} for part in parts}
    return JsonResponse(body, status=200 if all(part.ok for part in parts) else 503)


class _Portal(Collector):
    """Reads the numbers when asked, so that every process tells the same truth."""

    def collect(self) -> Iterable[Metric]:
        """Yield the gauges of this moment."""
        parts = GaugeMetricFamily("tietoni_up", "1 where the part works", labels=["part"])
        for part in health.parts():
            parts.add_metric([part.name], float(part.ok))
            if part.age_seconds is not None:
                yield GaugeMetricFamily(
                    f"tietoni_{part.name}_age_seconds", "Age in seconds", value=part.age_seconds
                )
        yield parts
        if not health.parts()[0].ok:
            return
        numbers = health.numbers()
        for name, counts in (
            ("letters", numbers.letters),
            ("notices", numbers.notices),
            ("cases", numbers.cases),
        ):
            gauge = GaugeMetricFamily(f"tietoni_{name}", f"Number of {name} by state", labels=["state"])
            for state, count in sorted(counts.items()):
                gauge.add_metric([state], count)
            yield gauge
        yield GaugeMetricFamily(
            "tietoni_cases_overdue", "Open cases past their latest day", value=numbers.overdue
        )
        yield GaugeMetricFamily(
            "tietoni_oldest_wanted_letter_seconds",
            "Age of the oldest letter not yet made",
            value=numbers.oldest_wanted_seconds,
        )


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Answer with the numbers to who bears METRICS_TOKEN (RFC 6750), and 404 to everybody else."""
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    token = settings.METRICS_TOKEN
    if not token or not hmac.compare_digest(given.encode(), token.encode()):
        raise Http404
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Portal())
    return HttpResponse(generate_latest(registry), content_type="text/plain; version=0.0.4; charset=utf-8")
