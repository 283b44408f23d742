"""The look's own addresses: the brand's style sheet and the page of all components."""

from django.urls import path, re_path

from vciso.web import brand, patterns, policy

app_name = "web"
urlpatterns = [
    re_path(r"^brand/(?P<accent>[0-9a-f]{6})\.css$", brand.view, name="brand"),
    path("policy-report/", policy.report, name="policy-report"),
    path("patterns/", patterns.view, name="patterns"),
]
