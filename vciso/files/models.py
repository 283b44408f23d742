"""How much is kept for each client, as it was last counted."""

from django.db import models
from django.utils import timezone

from vciso.tenancy.models import ClientOwned


class Kept(ClientOwned):
    """Files of one client and their bytes; counted with each upload and every night.

    Walking the files of a whole practice takes too long for a page, adding up these rows does not.
    """

    files = models.PositiveIntegerField()
    bytes = models.PositiveBigIntegerField()
    counted_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["client"], name="kept_one_per_client")]

    def __str__(self) -> str:
        return f"{self.files} files, {self.bytes} bytes"
