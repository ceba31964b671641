"""What monitoring asks, as load balancers do: by number, in the clear."""

from __future__ import annotations

import os
from pathlib import Path
from unittest import mock

import pytest
from django.conf import LazySettings
from django.core.checks import run_checks
from django.db import OperationalError
from django.test import Client

from proteins import outages

pytestmark = pytest.mark.django_db


@pytest.fixture
def balancer(settings: LazySettings) -> Client:
    settings.SECURE_SSL_REDIRECT = True
    settings.ALLOWED_HOSTS = ["tflink.example.org"]
    return Client(headers={"Host": "10.1.2.3:8000"})


def test_probes_need_neither_a_host_name_nor_https(balancer: Client) -> None:
    for path, words in (("/health/live", "live\n"), ("/health/ready", "ready\n")):
        answer = balancer.get(path)
        assert (answer.status_code, answer.text) == (200, words)
        assert answer["Cache-Control"] == "no-store"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert balancer.head(path).status_code == 200
        assert balancer.post(path).status_code == 405
    assert balancer.get("/").status_code in (301, 400)


def test_a_site_without_its_database_lives_and_is_not_ready(balancer: Client) -> None:
    broken = OperationalError("server closed the connection unexpectedly")
    with mock.patch("django.db.backends.utils.CursorWrapper.execute", side_effect=broken):
        assert balancer.get("/health/live").status_code == 200
        answer = balancer.get("/health/ready")
    assert answer.status_code == 503
    assert answer.text == "not ready: The database cannot be reached.\n"
    assert answer["Retry-After"] == "30"


def test_a_site_on_a_database_of_another_version_is_not_ready(balancer: Client) -> None:
    with mock.patch("tflink.probes.schema_outage", return_value=outages.NOT_MIGRATED):
        answer = balancer.get("/health/ready")
    assert answer.status_code == 503
    assert "of an older version" in answer.text


@pytest.mark.parametrize(
    ("connection", "proxies", "status"),
    [
        ({"REMOTE_ADDR": "127.0.0.1"}, 0, 200),
        ({"REMOTE_ADDR": "::1"}, 0, 200),
        ({"REMOTE_ADDR": ""}, 0, 200),
        ({"REMOTE_ADDR": "192.0.2.1"}, 0, 404),
        # By way of a proxy on this machine.
        ({"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "192.0.2.1"}, 0, 404),
        ({"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "127.0.0.1"}, 0, 404),
        ({"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "127.0.0.1, 192.0.2.1"}, 1, 404),
        ({"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "nonsense"}, 1, 404),
        ({"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "127.0.0.1"}, 1, 200),
    ],
)
def test_metrics_are_for_this_machine(
    connection: dict[str, str], proxies: int, status: int, client: Client, settings: LazySettings
) -> None:
    settings.TRUSTED_PROXIES = proxies
    assert client.get("/metrics", **connection).status_code == status  # type: ignore[arg-type]


def test_metrics_count_answers_by_view(client: Client, settings: LazySettings) -> None:
    settings.METRICS_ALLOWED = ["192.0.2.0/24"]
    client.get("/browse/")
    answer = client.get("/metrics", REMOTE_ADDR="192.0.2.7")
    assert answer["Content-Type"].startswith("text/plain; version=")
    assert 'tflink_requests_total{cache="miss",method="GET",status="200",view="browse"}' in (
        answer.text
    )
    assert 'tflink_request_seconds_bucket{le="0.1",view="browse"}' in answer.text


def test_metrics_of_several_workers_are_added(client: Client, tmp_path: Path) -> None:
    with mock.patch.dict(os.environ, {"PROMETHEUS_MULTIPROC_DIR": str(tmp_path)}):
        answer = client.get("/metrics")
    assert answer.status_code == 200


def test_networks_that_are_none_are_named_at_the_start(settings: LazySettings) -> None:
    settings.METRICS_ALLOWED = ["10.0.0.0/8", "localhost", "10.0.0.1/8"]
    messages = [message.msg for message in run_checks() if message.id == "curation.E001"]
    assert [("localhost" in text, "10.0.0.1/8" in text) for text in messages] == [
        (True, False),
        (False, True),
    ]
