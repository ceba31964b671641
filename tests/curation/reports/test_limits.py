"""How much may be sent, by whom, and that programs send nothing."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from unittest import mock

import pytest
from django.conf import LazySettings
from django.core.checks import run_checks
from django.core.management import call_command
from django.test import Client, RequestFactory
from django.utils import timezone

from curation.actions import report_limits
from curation.models import Proposal, PublicReport
from curation.reports import stamp
from curation.reports.sender import sender_of
from proteins.client_address import network_of
from proteins.models import Protein
from tests.curation.reports.sending import PROTEIN, TEXT, send, sent, stamp_of

pytestmark = pytest.mark.django_db


def send_many(client: Client, protein: Protein, number: int, ip: str) -> list[int]:
    return [
        send(client, protein, message=f"{TEXT} {ip} {one}", REMOTE_ADDR=ip).status_code
        for one in range(number)
    ]


def backdate(**ago: float) -> None:
    PublicReport.objects.update(sent_at=timezone.now() - timedelta(**ago))


def test_one_address_may_send_so_many_an_hour_and_a_day(
    client: Client, protein: Protein, settings: LazySettings
) -> None:
    settings.REPORTS_PER_HOUR, settings.REPORTS_PER_DAY = 3, 5
    assert send_many(client, protein, 3, "192.0.2.1") == [302] * 3
    answer = send(client, protein, message="One more is wrong.", REMOTE_ADDR="192.0.2.1")
    assert answer.status_code == 429
    assert 3500 < int(answer["Retry-After"]) <= 3600
    assert "You have sent many reports. Please send it again in 60 minutes." in (answer.text)
    assert "One more is wrong.</textarea>" in answer.text
    # What is there already is found again; others are not kept from it.
    assert send(client, protein, message=f"{TEXT} 192.0.2.1 0", REMOTE_ADDR="192.0.2.1")
    assert send_many(client, protein, 1, "192.0.2.2") == [302]
    backdate(minutes=61)
    assert send_many(client, protein, 6, "192.0.2.1") == [302] * 3 + [302, 302, 429]
    answer = send(client, protein, message="One more is wrong.", REMOTE_ADDR="192.0.2.1")
    assert "Please send it again in 23 hours" in answer.text
    backdate(hours=25)
    assert send(client, protein, message="One more!!", REMOTE_ADDR="192.0.2.1").status_code == 302
    assert Proposal.objects.count() == 7


def test_all_together_may_send_so_many_an_hour(
    client: Client, protein: Protein, settings: LazySettings
) -> None:
    settings.REPORTS_PER_HOUR_IN_ALL = 4
    statuses = [send_many(client, protein, 1, f"192.0.{one}.2")[0] for one in range(6)]
    assert statuses == [302] * 4 + [429, 429]
    answer = send(client, protein, REMOTE_ADDR="198.51.100.7")
    assert "Too many reports reach us just now." in answer.text


def test_a_flood_leaves_a_reserve_to_honest_readers(
    client: Client, protein: Protein, settings: LazySettings
) -> None:
    settings.REPORTS_PER_HOUR_IN_ALL, settings.REPORTS_RESERVE = 6, 2
    flood = [send_many(client, protein, 1, f"192.0.2.{one}")[0] for one in range(6)]
    assert flood == [302] * 4 + [429] * 2
    assert send_many(client, protein, 2, "198.51.100.7") == [302, 429]
    assert send_many(client, protein, 1, "203.0.113.1") == [302]
    assert send_many(client, protein, 1, "10.0.0.1") == [429]


def test_one_network_has_many_addresses_and_one_limit(
    client: Client, protein: Protein, settings: LazySettings
) -> None:
    settings.REPORTS_PER_HOUR_BY_NETWORK = 3
    for client_addresses in (
        [f"192.0.2.{one}" for one in range(4)],
        [f"2001:db8:0:{one}::1" for one in range(4)],
    ):
        sent_by = [
            send_many(client, protein, 1, client_address)[0] for client_address in client_addresses
        ]
        assert sent_by == [302] * 3 + [429]
    assert send_many(client, protein, 2, "192.0.3.1") == [302, 302]


def test_what_stands_for_one_sender(settings: LazySettings) -> None:
    for one, other, are_same in (
        ("192.0.2.1", "192.0.2.2", False),
        ("192.0.2.1", "192.0.2.1:4711", True),
        ("2001:db8:0:1::1", "2001:db8:0:1:ffff::2", True),
        ("2001:db8:0:1::1", "2001:db8:0:2::1", False),
        ("[2001:db8:0:1::1]:80", "2001:db8:0:1::9", True),
        ("fe80::1%eth0", "fe80::2", True),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
        ("", "unknown", True),
        ("1", "192.0.2.1", False),
    ):
        assert (network_of(one) == network_of(other)) is are_same, (one, other)
    request = RequestFactory().get("/", REMOTE_ADDR="192.0.2.1")
    first = sender_of(request)
    assert [len(digest) for digest in first] == [32, 32]
    assert first.ip_address != first.network
    settings.SECRET_KEY = "another"
    assert sender_of(request) != first


@pytest.mark.parametrize(
    ("proxies", "forwarded", "counts"),
    [
        (0, "203.0.113.9", "192.0.2.1"),  # the visitor's own word
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "198.51.100.1, 203.0.113.9", "203.0.113.9"),
        (2, "198.51.100.1, 203.0.113.9, 10.0.0.1", "203.0.113.9"),
        (2, "203.0.113.9", "203.0.113.9"),
        (1, None, "192.0.2.1"),
        (1, " , ", "192.0.2.1"),
        (1, "203.0.113.9, nonsense\u00e9", ""),
    ],
)
def test_behind_proxies_only_they_are_believed(
    settings: LazySettings, proxies: int, forwarded: str | None, counts: str
) -> None:
    settings.TRUSTED_PROXIES = proxies
    headers: dict[str, Any] = {} if forwarded is None else {"HTTP_X_FORWARDED_FOR": forwarded}
    request = RequestFactory().get("/", REMOTE_ADDR="192.0.2.1", **headers)
    settings.TRUSTED_PROXIES = proxies
    result = sender_of(request)
    settings.TRUSTED_PROXIES = 0
    assert result == sender_of(RequestFactory().get("/", REMOTE_ADDR=counts))


def test_a_site_behind_a_proxy_is_told_to_say_so(settings: LazySettings) -> None:
    for header, proxies, warnings in (
        (("HTTP_X_FORWARDED_PROTO", "https"), 0, ["curation.W001"]),
        (("HTTP_X_FORWARDED_PROTO", "https"), 1, []),
        (None, 0, []),
    ):
        settings.SECURE_PROXY_SSL_HEADER, settings.TRUSTED_PROXIES = header, proxies
        result = run_checks(tags=["security"], include_deployment_checks=True)
        assert [one.id for one in result if str(one.id).startswith("curation")] == warnings


def test_a_header_does_not_get_anybody_past_the_limit(
    client: Client, protein: Protein, settings: LazySettings
) -> None:
    settings.REPORTS_PER_HOUR = 1
    sent(client, protein, HTTP_X_FORWARDED_FOR="203.0.113.1")
    answer = send(client, protein, message="Another thing.", HTTP_X_FORWARDED_FOR="203.0.113.2")
    assert answer.status_code == 429


def test_no_address_is_kept_and_its_hash_for_a_week(client: Client, protein: Protein) -> None:
    report = sent(client, protein, REMOTE_ADDR="192.0.2.77")
    rows = str(PublicReport.objects.values_list()) + str(Proposal.objects.values_list())
    assert "192.0.2.77" not in rows
    assert report.sender
    assert report.network
    assert report.sender not in client.get(f"/report/{report.token}/").text
    backdate(days=6.9)
    call_command("forget_addresses")
    assert PublicReport.objects.get().sender
    backdate(days=7.1)
    call_command("forget_addresses")
    forgotten = PublicReport.objects.get()
    assert (forgotten.sender, forgotten.network) == ("", "")
    # In passing too, with the next report.
    PublicReport.objects.update(sender="x" * 32)
    sent(client, protein, message="Another thing.")
    assert [bool(report.sender) for report in PublicReport.objects.order_by("id")] == [False, True]


# Programs


def test_who_fills_in_what_people_do_not_see_gets_a_polite_page(
    client: Client, protein: Protein
) -> None:
    form = client.get(PROTEIN).text
    assert (
        '<div class="report-trap" aria-hidden="true"><label for="id_homepage">Leave this empty'
        '</label><input type="text" id="id_homepage" name="homepage" value="" tabindex="-1" '
        'autocomplete="off"></div>'
    ) in form
    answer = send(client, protein, homepage="https://spam.example/")
    assert answer.status_code == 200
    assert "Thank you" in answer.text
    assert "spam.example" not in answer.text
    assert TEXT in answer.text
    assert not Proposal.objects.exists()


@pytest.fixture
def still() -> Iterator[None]:
    """Time stands still, but for what a test says."""
    now = time.time()
    with mock.patch("time.time", return_value=now):
        yield


def test_a_form_is_read_before_it_is_sent(client: Client, protein: Protein, still: None) -> None:
    other = stamp.stamp(f"protein {protein.pk + 1}")
    hour = 60 * 60
    for opened, expected in (
        ("", "was not sent from this page"),
        ("x", "was not sent from this page"),
        (f"{stamp_of(protein)}x", "was not sent from this page"),
        (other, "was not sent from this page"),
        (stamp_of(protein, age=0.01), "sent too quickly"),
        (stamp_of(protein, age=1.9), "sent too quickly"),
        (stamp_of(protein, age=-hour), "sent too quickly"),
        (stamp_of(protein, age=25 * hour), "open for more than a day"),
    ):
        answer = send(client, protein, opened=opened)
        assert answer.status_code == 200
        assert expected in answer.text
        assert f"{TEXT}</textarea>" in answer.text
        assert f'name="opened" value="{opened}"' not in answer.text
        assert not Proposal.objects.exists()
    # After a mistake the form is as old as it was: who mends it need not wait.
    opened = stamp_of(protein, age=2.1)
    answer = send(client, protein, opened=opened, message="")
    assert f'name="opened" value="{opened}"' in answer.text
    sent(client, protein, opened=opened)
    later = stamp_of(protein, age=23 * hour)
    sent(client, protein, opened=later, message="Another thing.")


def test_a_form_is_sent_once(client: Client, protein: Protein) -> None:
    opened = stamp_of(protein)
    first = sent(client, protein, opened=opened)
    # Sent twice by a double click: one report.
    assert sent(client, protein, opened=opened) == first
    answer = send(client, protein, opened=opened, message="Something else is wrong.")
    assert "This form has already been sent" in answer.text
    assert "Something else is wrong.</textarea>" in answer.text
    assert opened not in answer.text
    assert PublicReport.objects.count() == 1
    fresh = re.search(r'name="opened" value="([^"]+)"', answer.text)
    assert fresh
    later = time.time() + 3
    with mock.patch("time.time", return_value=later):
        sent(client, protein, opened=fresh[1], message="Something else is wrong.")


def test_waiting_is_told_in_the_units_of_people() -> None:
    expected = {1: "in a minute", 61: "in 2 minutes", 5400: "in 90 minutes", 5401: "in 2 hours"}
    for seconds, words in expected.items():
        assert str(report_limits.TooManyReportsError(seconds, by_all=True)).endswith(
            f" again {words}."
        )
