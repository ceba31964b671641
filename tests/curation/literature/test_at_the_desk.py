"""Who may look publications up at the desk, and how long a page waits for it."""

from __future__ import annotations

import pytest
from django.conf import LazySettings
from django.core.exceptions import ImproperlyConfigured, PermissionDenied

from curation.actions import ActionError
from curation.literature.lookup import look_up_at_desk
from curation.models import Revision
from curation.permissions import ADMINISTRATOR, CURATOR, SENIOR_CURATOR
from tests.curation.literature.conftest import MadeUpTime
from tests.curation.literature.looking_up import cite
from tests.curation.literature.service import Answer, Service
from tests.curation.people import make_person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_waiting", "only_these")]


@pytest.mark.parametrize("role", [CURATOR, ADMINISTRATOR])
def test_who_may_not_change_records_may_not_look_up(service: Service, role: str) -> None:
    cite(1)
    with pytest.raises(PermissionDenied):
        look_up_at_desk(user=make_person("attacker", role), pmids=[1])
    with pytest.raises(PermissionDenied):
        look_up_at_desk(user=None, pmids=[1])
    assert service.requests == []


def test_a_senior_curator_may(service: Service) -> None:
    cite(1)
    person = make_person("senior", SENIOR_CURATOR)
    report = look_up_at_desk(user=person, pmids=[1, 1])
    assert (report.matched, report.failures) == (1, [])
    assert Revision.objects.get().user == person


def test_more_than_a_page_can_wait_for(service: Service) -> None:
    with pytest.raises(ActionError, match="200 at most"):
        look_up_at_desk(user=make_person("senior"), pmids=range(1, 202))
    assert service.requests == []


def test_a_page_waits_seconds_only(service: Service, no_waiting: MadeUpTime) -> None:
    cite(*range(1, 201))
    service.answers = [Answer(503, headers={"Retry-After": "60"})] * 99
    report = look_up_at_desk(user=make_person("senior"), pmids=range(1, 201))
    assert report.left == 200
    assert len(report.failures) == 1
    assert sum(no_waiting.sleeps) <= 20


def test_without_settings(service: Service, settings: LazySettings) -> None:
    settings.NCBI_EMAIL = " "
    with pytest.raises(ImproperlyConfigured, match="NCBI_EMAIL"):
        look_up_at_desk(user=make_person("senior"), pmids=[1])
