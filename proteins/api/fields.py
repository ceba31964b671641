"""How a value of the field is written in JSON."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any, ClassVar, cast
from urllib.parse import quote

from django.db import models
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers


class ReadOnlySerializer(serializers.Serializer[Any]):
    """A serializer that only writes JSON; every field of it is always there."""

    #: Fields that come before those of a base class.
    begins_with: ClassVar[tuple[str, ...]] = ()

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        fields = super().get_fields()
        for field in fields.values():
            field.read_only = True
            field.required = False
        first = {name: fields[name] for name in self.begins_with}
        return {**first, **fields}


class WrittenOnce(serializers.Serializer[Any]):
    """Writes a record once for a whole page: rows share databases, publications, TFs."""

    def to_representation(self, instance: models.Model) -> Any:
        # The context is that of the page: all serializers within one share it.
        written = cast(dict[Any, Any], self.context).setdefault(type(self), {})
        if instance.pk not in written:
            written[instance.pk] = super().to_representation(instance)
        return written[instance.pk]


class Absent(serializers.CharField):
    """A text that may be absent: stored empty, written null."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(allow_null=True, **kwargs)

    def to_representation(self, value: Any) -> Any:
        return str(value) or None


@extend_schema_field(OpenApiTypes.URI)
class UrlField(serializers.Field[Any, Any, str, Any]):
    """The URL of a record in this API: that of its list, and its identifier."""

    def __init__(self, list_name: str, identifier: Callable[[Any], str], **kwargs: Any) -> None:
        super().__init__(source="*", read_only=True, **kwargs)
        self.list_name, self.identifier = list_name, identifier

    @cached_property
    def _list(self) -> str:
        # Reversed once a page: to reverse a URL is slow, and a page holds thousands.
        return str(self.context["request"].build_absolute_uri(reverse(self.list_name)))

    def to_representation(self, value: Any) -> str:
        return f"{self._list}{quote(self.identifier(value), safe=':/')}/"


@extend_schema_field(OpenApiTypes.URI)
class LinkField(serializers.Field[Any, Any, str, Any]):
    """The URL of a record at another database."""

    def __init__(self, link: Callable[[Any], str], **kwargs: Any) -> None:
        super().__init__(source="*", read_only=True, **kwargs)
        self.link = link

    def to_representation(self, value: Any) -> str:
        return self.link(value)


_OPTIONAL_URI = {"type": "string", "format": "uri", "nullable": True}


@extend_schema_field(_OPTIONAL_URI)
class OptionalUrlField(UrlField):
    """A URL that is null where the identifier is empty."""

    def to_representation(self, value: Any) -> Any:
        return super().to_representation(value) if self.identifier(value) else None


@extend_schema_field(_OPTIONAL_URI)
class OptionalLinkField(LinkField):
    """A link that is null where it is empty."""

    def to_representation(self, value: Any) -> Any:
        return super().to_representation(value) or None
