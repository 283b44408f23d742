"""The register for programs."""

from risks.api import assessments, history, library, links, plans, register

app_name = "risks-api"
urlpatterns = [
    *register.urlpatterns,
    *library.urlpatterns,
    *assessments.urlpatterns,
    *history.urlpatterns,
    *plans.urlpatterns,
    *links.urlpatterns,
]
