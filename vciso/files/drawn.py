"""Documents that are drawn behind the page and kept: the file belongs to one version of its record."""

from __future__ import annotations

import hashlib

from django.db import models

from vciso.files import storage


class MissingFile(Exception):
    """The stored pages are gone or are not the ones of the record. Nobody gets other pages."""


class Drawn(models.Model):
    """A record whose pages a worker draws and keeps.

    The record counts its versions in `version`; `file_version` says which of them the stored file shows.
    """

    file_key = models.CharField(max_length=200, blank=True, default="", db_default="")
    file_sha256 = models.CharField(max_length=64, blank=True, default="", db_default="")
    file_size = models.PositiveIntegerField(null=True)
    file_pages = models.PositiveSmallIntegerField(null=True)
    file_version = models.PositiveIntegerField("the version that was drawn", default=0, db_default=0)

    version: int

    class Meta:
        abstract = True

    @property
    def is_drawn(self) -> bool:
        """Whether a PDF of exactly this version is stored."""
        return bool(self.file_key) and self.file_version == self.version


def open_pdf(record: Drawn) -> bytes:
    """The stored pages of a record, after comparing them with the fingerprint of its row."""
    if not record.file_key:
        raise MissingFile("No pages are stored yet.")
    try:
        content = storage.read(record.file_key)
    except FileNotFoundError as gone:
        raise MissingFile("The stored pages are missing.") from gone
    if hashlib.sha256(content).hexdigest() != record.file_sha256:
        raise MissingFile("The stored pages are not the ones that were recorded.")
    return content
