"""Every field of a model has a filter, or is listed here with the reason why not."""

from __future__ import annotations

import pytest

from proteins.api.resource import ResourceView
from proteins.api.views import RESOURCES

EXEMPT = {
    "Protein": {
        "id": "a primary key",
        "name_key": "what `name` is compared with",
        "in_table": "where its name was met, not a fact about it",
        "declared_tf": "part of is_tf",
        "declared_target": "part of is_target",
        "interaction_count": "target_count and tf_count together",
        "is_unnamed": "whether `name` is empty",
        "is_named": "whether it is not",
        "facet_bits": "what indexes hold of facets",
        "strong_count": "a number for bars; tier is a filter",
        "supported_count": "a number for bars; tier is a filter",
        "repeated_count": "a number for bars; tier is a filter",
    },
    "Ortholog": {"id": "a primary key"},
    "Interaction": {
        "id": "a primary key",
        "support": "what its evidence follows from",
    },
    "BindingSite": {"id": "a primary key", "bin": "the database makes it of the place"},
    "Citation": {"id": "a primary key"},
    "SourceDatabase": {
        "id": "a primary key",
        "url": "no one searches by it",
        "licence_url": "no one searches by it; licence is a filter",
    },
    "DetectionMethod": {"id": "it is part of the record's URL"},
    "Taxon": {"id": "a primary key"},
    "Statement": {
        "id": "a primary key",
        "key": "part of the record's URL",
        "quotation": "no one searches by it",
        "state_reason": "no one searches by it",
        "evidence": "what its other fields say, for its interaction",
        "change": "its interaction changes with it",
    },
    "Dataset": {
        "id": "a primary key",
        "licence_url": "no one searches by it; licence is a filter",
        "default_scale": "what the import of its files takes",
        "default_basis": "what the import of its files takes",
    },
}


@pytest.mark.parametrize("view", [view for _, view, _ in RESOURCES])
def test_every_field_has_a_filter(view: type[ResourceView]) -> None:
    filterset = view.filterset_class
    model = filterset._meta.model
    filtered = {declared.field_name.split("__")[0] for declared in filterset.base_filters.values()}
    renamed = {"name": {"name_key", "fold"}, "key": {"fold"}, "scientific_name": {"fold"}}
    filtered |= {name for name, columns in renamed.items() if columns & filtered}
    fields = {field.name for field in model._meta.get_fields() if not field.auto_created}
    fields |= {"id"}
    exempt = EXEMPT[model.__name__].keys()
    assert fields - filtered - exempt == set()
    assert exempt <= fields, "an exemption of a field that is no more"


@pytest.mark.parametrize("view", [view for _, view, _ in RESOURCES])
def test_every_filter_is_documented(view: type[ResourceView]) -> None:
    for parameter in view.filterset_class.parameters():
        assert parameter["description"].strip().endswith(".")
        assert parameter["schema"]["type"]
