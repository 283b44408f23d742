"""What pages remember: which form of which page was sent."""

from django.db import models
from django.db.models.functions import Now

from vciso.tenancy.models import User


class Submission(models.Model):
    """A form that was sent and did something, so that sending it again only leads to the same place.

    A person sees their own alone, and each new one removes theirs that are older than a day.
    """

    key = models.CharField(max_length=64, primary_key=True, help_text="Of the page, its form and the answers.")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+", db_index=False)
    location = models.TextField(blank=True, help_text="Where the first sending led.")
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [models.Index(fields=["user", "created_at"], name="submission_of_user")]

    def __str__(self) -> str:
        return f"{self.key[:8]} → {self.location}"
