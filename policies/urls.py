"""Addresses of the written programme."""

from django.urls import path

from policies.views import listing, mine, reading, steps, writing

app_name = "policies"

CLIENT = "c/<slug:client_key>/policies/"
ONE = f"{CLIENT}<slug:slug>/"
MINE = "my/<slug:client_key>/policies/"

urlpatterns = [
    path(CLIENT, listing.policy_list, name="list"),
    path(f"{CLIENT}new/", writing.policy_new, name="new"),
    path(f"{CLIENT}bring-in/", writing.policy_existing, name="existing"),
    path(f"{CLIENT}by/<str:ref>/", reading.by_reference, name="by-reference"),
    path(ONE, reading.policy_detail, name="detail"),
    path(f"{ONE}v/<str:number>/", reading.version_detail, name="version"),
    path(f"{ONE}compare/<str:old>/<str:new>/", reading.compare, name="compare"),
    path(f"{ONE}history/", reading.history, name="history"),
    path(f"{ONE}details/", writing.policy_details, name="details"),
    path(f"{ONE}edit/", writing.policy_edit, name="edit"),
    path(f"{ONE}discard/", writing.draft_discard, name="discard"),
    path(f"{ONE}send/", steps.policy_send, name="send"),
    path(f"{ONE}withdraw/", steps.policy_withdraw, name="withdraw"),
    path(f"{ONE}remind/", steps.policy_remind, name="remind"),
    path(f"{ONE}review/", steps.policy_review, name="review"),
    path(f"{ONE}retire/", steps.policy_retire, name="retire"),
    path(f"{ONE}reinstate/", steps.policy_reinstate, name="reinstate"),
    path(MINE, mine.my_policies, name="my-list"),
    path(f"{MINE}<slug:slug>/", mine.my_policy, name="my-read"),
]
