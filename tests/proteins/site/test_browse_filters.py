"""The list of all proteins against a plain search through all interactions, in Python."""

from __future__ import annotations

import itertools
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from urllib.parse import urlencode

import pytest
from django.http import QueryDict
from django.test import Client

from curation.records.facets import refacet
from curation.shared.evidence import evidence_for
from proteins.domain.evidence import EvidenceContent, SmallScale
from proteins.domain.tiers import Tier
from proteins.filters import proteins
from proteins.models import BindingSite, Protein, ReviewStatus
from proteins.queries import browse
from proteins.site import browse as browse_view
from proteins.site.browse import page_of
from proteins.site.browse_form import BrowseForm
from tests.factories import accession, make_interaction, make_protein
from tests.proteins.site.test_browse import accessions, walk

pytestmark = pytest.mark.django_db

SOURCES = ["GTRD", "TRED", "TFactS_via_DoRothEA"]
METHODS = ["selex", "one hybrid"]
NUMBER = 40


@dataclass
class Fact:
    """An interaction, as the oracle knows it."""

    sources: list[str]
    methods: list[str]
    small_scale: SmallScale
    status: ReviewStatus

    @property
    def tier(self) -> Tier:
        """By the definition; no fact has a publication, or a database of another."""
        return Tier(2 * (self.small_scale == SmallScale.YES) + (len(self.sources) > 1))


@dataclass
class Expected:
    """A protein, as the oracle knows it; `facts` leaves rejected interactions out."""

    accession: str
    name: str
    species: str
    has_sites: bool = False
    targets: int = 0
    tfs: int = 0
    facts: list[Fact] = field(default_factory=list)


@pytest.fixture
def oracle(monkeypatch: pytest.MonkeyPatch) -> list[Expected]:
    """Forty proteins with few different names and counts, so that many are equal."""
    monkeypatch.setattr(browse, "PAGE_SIZE", 7)
    chance = random.Random(5)
    proteins: list[Expected] = []
    rows: list[Protein] = []
    for number in range(NUMBER):
        name = chance.choice(["", "abc", "abd", "Abc", "x2"])
        one = Expected(accession(number), name, chance.choice(["Hs", "Mm"]), chance.random() < 0.3)
        proteins.append(one)
        rows.append(make_protein(one.accession, name, code=one.species))
    pairs = list(zip(proteins, rows, strict=True))
    for tf, target in itertools.product(pairs, repeat=2):
        if tf[0].species == target[0].species and chance.random() < 0.04:
            _add(chance, tf, target)
    evidence = evidence_for(EvidenceContent.of(["PAZAR"]))
    for number, (one, row) in enumerate(pairs):
        if one.has_sites:
            name = f"TFLinkSS{number:08d}"
            BindingSite.objects.create(tflink_id=name, tf=row, evidence=evidence)
    refacet(row.pk for row in rows)
    return proteins


def _add(
    chance: random.Random, tf: tuple[Expected, Protein], target: tuple[Expected, Protein]
) -> None:
    fact = Fact(
        chance.sample(SOURCES, chance.randint(1, 2)),
        chance.sample(METHODS, chance.randint(0, 2)),
        chance.choice(list(SmallScale)),
        chance.choice(list(ReviewStatus)),
    )
    make_interaction(
        tf[1],
        target[1],
        sources=fact.sources,
        methods=fact.methods,
        small_scale=fact.small_scale,
        status=fact.status,
    )
    if fact.status != ReviewStatus.REJECTED:
        tf[0].targets += 1
        target[0].tfs += 1
        tf[0].facts.append(fact)
        target[0].facts.append(fact)


def has_small_scale(one: Expected) -> bool:
    return any(fact.small_scale == SmallScale.YES for fact in one.facts)


def has_status(status: ReviewStatus) -> Callable[[Expected], bool]:
    return lambda one: any(fact.status == status for fact in one.facts)


Test = Callable[[Expected], bool]
#: What can be asked for by each filter, and what the oracle makes of it.
FILTERS: dict[str, dict[str, Test]] = {
    "species": {code: lambda one, code=code: one.species == code for code in ("Hs", "Mm")},  # type: ignore[misc]
    "function": {
        "tf": lambda one: one.targets > 0,
        "target": lambda one: one.tfs > 0,
        "both": lambda one: one.targets > 0 and one.tfs > 0,
    },
    "small_scale": {"yes": has_small_scale, "no": lambda one: not has_small_scale(one)},
    "source": {
        key: lambda one, key=key: any(key in fact.sources for fact in one.facts)  # type: ignore[misc]
        for key in SOURCES
    },
    "method": {
        name: lambda one, name=name: any(name in fact.methods for fact in one.facts)  # type: ignore[misc]
        for name in METHODS
    },
    # Of both methods.
    "method_class": {"binding_in_vitro": lambda one: any(fact.methods for fact in one.facts)},
    "status": {
        "unreviewed": has_status(ReviewStatus.UNREVIEWED),
        "confirmed": has_status(ReviewStatus.CONFIRMED),
        "disputed": has_status(ReviewStatus.DISPUTED),
    },
    "tier": {
        tier.label: lambda one, tier=tier: any(fact.tier is tier for fact in one.facts)
        for tier in Tier
    }
    | {"single,strong": lambda one: any(fact.tier in (0, 3) for fact in one.facts)},
    "sites": {"yes": lambda one: one.has_sites, "no": lambda one: not one.has_sites},
    "q": {
        "ab": lambda one: one.name.lower().startswith("ab"),
        "p0000": lambda one: one.accession.startswith("P0000"),
    },
}
KEYS: dict[str, Callable[[Expected], tuple[object, ...]]] = {
    "accession": lambda one: (one.accession,),
    "name": lambda one: (not one.name, one.name.lower(), one.accession),
    "targets": lambda one: (one.targets, one.accession),
    "regulators": lambda one: (one.tfs, one.accession),
    "interactions": lambda one: (one.targets + one.tfs, one.accession),
}
ORDERS = [sign + key for key in KEYS for sign in ("", "-")]


def expected(oracle: list[Expected], state: dict[str, str]) -> list[str]:
    tests = [FILTERS[name][value] for name, value in state.items() if name != "sort"]
    result = [one for one in oracle if all(test(one) for test in tests)]
    order = state.get("sort", "-interactions")
    result.sort(key=KEYS[order.removeprefix("-")], reverse=order.startswith("-"))
    if order == "-name":
        result.sort(key=lambda one: not one.name)
    return [one.accession for one in result]


def states() -> Iterator[dict[str, str]]:
    """Each filter alone, many pairs, and some at once; each in some order."""
    orders = itertools.cycle(["", *ORDERS])
    single = [(name, value) for name, values in FILTERS.items() for value in values]
    chance = random.Random(8)
    several = [
        tuple((name, chance.choice(list(FILTERS[name]))) for name in names)
        for names in itertools.combinations(FILTERS, 3)
    ]
    pairs = [pair for pair in itertools.combinations(single, 2) if pair[0][0] != pair[1][0]]
    for chosen in (*((one,) for one in single), *chance.sample(pairs, 90), *several):
        order = next(orders)
        yield dict(chosen) | ({"sort": order} if order else {})


def test_filters_do_what_they_say(client: Client, oracle: list[Expected]) -> None:
    sizes = set()
    for state in states():
        wanted = expected(oracle, state)
        sizes.add(min(len(wanted), 8))
        assert shown(state) == wanted[:7], state
        assert shown(state | {"page": "last"}) == wanted[-7:], state
        assert shown(state | {"page": "3"}) == wanted[14:21], state
        if len(state) == 1:
            html = client.get(f"/browse/?{urlencode(state)}").content.decode()
            assert accessions(html) == wanted[:7], state
    assert {0, 1, 8} <= sizes, "the oracle saw all cases"


def test_filters_offer_what_they_would_leave(client: Client, oracle: list[Expected]) -> None:
    """Each option of a filter that is not set, with the number of proteins that it leaves."""
    seen = 0
    for state in itertools.islice(states(), 0, None, 12):
        html = client.get(f"/browse/?{urlencode(state)}").content.decode()
        total = len(expected(oracle, state))
        assert f"{total} protein{'s' * (total != 1)} match{'es' * (total == 1)}<" in html, state
        for name, values in OFFERED.items():
            if FORMER.get(name, name) in state:
                continue
            for value, label in values.items():
                left = len(expected(oracle, {**state, FORMER.get(name, name): value}))
                offered = _offered(html, name, label)
                assert offered == ([str(left)] if left else []), (state, name, value)
                seen += left > 0
    assert seen > 100


def _offered(html: str, name: str, label: str) -> list[str]:
    """The numbers beside the options of a label: of a select, or those that are links."""
    if name in BrowseForm.picked:
        return re.findall(rf'<a class="pick" id="{name}-[^>]*>{label} <span>([\d,]+)<', html)
    control = re.search(rf'<select[^>]* name="{name}".*?</select>', html, re.DOTALL)
    assert control, name
    return re.findall(rf'<option value="[^"]*">{re.escape(label)} \(([\d,]+)\)<', control[0])


#: Options of the page, by name: what the oracle's filter of that name takes for it, and its label.
OFFERED: dict[str, dict[str, str]] = {
    "taxon": {"Hs": "Homo sapiens", "Mm": "Mus musculus"},
    "is_tf": {"tf": "TF"},
    "tier": {tier.label: tier.label for tier in Tier},
    "source": {"GTRD": "GTRD", "TRED": "TRED", "TFactS_via_DoRothEA": "TFactS via DoRothEA"},
    "method": dict(zip(METHODS, METHODS, strict=True)),
    "method_class": {"binding_in_vitro": "binding in vitro"},
    "status": {each: each for each in ("unreviewed", "confirmed", "disputed")},
    "has_small_scale": {"yes": "Small-scale", "no": "Small-scale: has none"},
    "has_binding_sites": {"yes": "has some", "no": "has none"},
}
FORMER = {
    "taxon": "species",
    "is_tf": "function",
    "has_small_scale": "small_scale",
    "has_binding_sites": "sites",
}


def shown(state: dict[str, str]) -> list[str]:
    """What a page shows, without the writing of it."""
    form = BrowseForm(QueryDict(urlencode(state)))
    return [protein.accession for protein in page_of(form).proteins]


def test_every_order_visits_each_protein_once(
    client: Client, oracle: list[Expected], monkeypatch: pytest.MonkeyPatch
) -> None:
    # By number, and then by place.
    monkeypatch.setattr(browse_view, "PAGE_SIZE", 7)
    monkeypatch.setattr(browse_view, "NUMBERED", 2)
    for order in ORDERS:
        state = {"sort": order, "species": "Hs"}
        wanted = expected(oracle, state)
        url = f"/browse/?{urlencode(state)}"
        there = walk(client, url, "Next")
        assert list(itertools.chain(*there)) == wanted
        assert all(len(shown) == 7 for shown in there[:-1])
        back = walk(client, f"{url}&page=last", "Previous")
        assert list(itertools.chain(*reversed(back))) == wanted
        assert all(len(shown) == 7 for shown in back[:-1])


def test_many_that_a_text_may_mean(oracle: list[Expected], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proteins, "FEW", 3)
    for order in ORDERS:
        state = {"q": "ab", "sort": order, "species": "Hs"}
        assert shown(state) == expected(oracle, state)[:7]
