"""Addresses of the vendor inventory."""

from django.urls import path

from vendors.views import listing, pages

app_name = "vendors"

CLIENT = "c/<slug:client_key>/vendors/"
ONE = f"{CLIENT}<str:ref>/"

urlpatterns = [
    path(CLIENT, listing.vendor_list, name="list"),
    path(f"{CLIENT}new/", pages.vendor_new, name="new"),
    path(ONE, pages.vendor_detail, name="detail"),
    path(f"{ONE}edit/", pages.vendor_edit, name="edit"),
    path(f"{ONE}review/", pages.vendor_review, name="review"),
    path(f"{ONE}end/", pages.vendor_end, name="end"),
    path(f"{ONE}reinstate/", pages.vendor_reinstate, name="reinstate"),
]
