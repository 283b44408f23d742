"""How much a bad year may cost the business, over everything."""

from django.db import models

from vciso.tenancy.models import ClientForeignKey, ClientOwned, User


class LossTolerance(ClientOwned):
    """The most that a year may cost over the whole register, from a day on; the latest row holds.

    In minor units of the client's currency. Nothing is overwritten.
    """

    sum_minor = models.BigIntegerField()
    words = models.TextField(blank=True)
    set_by = ClientForeignKey("engagements.Person", null=True, blank=True, related_name="+")
    from_on = models.DateField()
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(sum_minor__gt=0), name="risks_losstolerance_sum"),
        ]
        indexes = [models.Index(fields=["client", "-from_on"], name="risks_tolerance_latest")]

    def __str__(self) -> str:
        return f"{self.sum_minor} from {self.from_on}"
