"""People, systems, agreement, work and decisions for programs."""

from engagements.api import agreement, directory, work

app_name = "engagements-api"
urlpatterns = [*agreement.urlpatterns, *directory.urlpatterns, *work.urlpatterns]
