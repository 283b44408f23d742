"""What answers are made of: a model's fields by name, read-only, without what is internal."""

from datetime import UTC
from typing import Any

from django.db import models
from rest_framework import serializers


class Named(serializers.Serializer[Any]):
    """Another record, as one names it: its id and what people call it."""

    id = serializers.UUIDField(source="pk", read_only=True)
    name = serializers.CharField(source="__str__", read_only=True)


class Moment(serializers.DateTimeField):
    """A moment, always as UTC, whoever reads it."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"default_timezone": UTC, **options})


class Record(serializers.ModelSerializer[Any]):
    """A record as the interface shows it. Nothing is written through it: forms take the writes.

    `Meta.internal` names what the practice keeps to itself; the client's people never get it.
    """

    serializer_field_mapping = {**serializers.ModelSerializer.serializer_field_mapping, models.DateTimeField: Moment}

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        fields = super().get_fields()
        for field in fields.values():
            field.read_only, field.required = True, False
        if not self.context.get("is_practice_side", True):
            for name in self.internal():
                del fields[name]
        return fields

    @classmethod
    def internal(cls) -> tuple[str, ...]:
        return tuple(getattr(cls.Meta, "internal", ()))  # type: ignore[attr-defined]  # every record has a Meta
