"""Addresses of the register."""

from django.urls import path

from risks.views import (
    detail,
    edit,
    estimate,
    export,
    library,
    limits,
    links,
    listing,
    merging,
    money,
    practice,
    reviewing,
    steps,
    treat,
)

app_name = "risks"

PRACTICE = "practice/risks/"
ROOT = "c/<slug:client_key>/risks/"
ONE = f"{ROOT}<str:ref>/"

urlpatterns = [
    path(PRACTICE, practice.scenarios, name="scenarios"),
    path(f"{PRACTICE}new/", practice.new, name="scenario-new"),
    path(f"{PRACTICE}<slug:key>/", practice.edit, name="scenario"),
    path(f"{PRACTICE}<slug:key>/retire/", practice.retire, name="scenario-retire"),
    path(f"{PRACTICE}<slug:key>/offer/", practice.offer, name="scenario-offer"),
    path(ROOT, listing.risk_list, name="list"),
    path(f"{ROOT}new/", edit.new, name="new"),
    path(f"{ROOT}export/", export.shown, name="export"),
    path(f"{ROOT}one-page/", export.one_page, name="one-page"),
    path(f"{ROOT}bulk/", listing.bulk, name="bulk"),
    path(f"{ROOT}review/", reviewing.review, name="review"),
    path(f"{ROOT}review/walk/", reviewing.walk, name="review-walk"),
    path(f"{ROOT}review/log/", reviewing.review_log, name="review-log"),
    path(f"{ROOT}money/", money.money, name="money"),
    path(f"{ROOT}limits/", limits.overview, name="limits"),
    path(f"{ROOT}limits/category/", limits.add_category, name="add-category"),
    path(f"{ROOT}limits/tolerance/", money.set_tolerance, name="tolerance"),
    path(f"{ROOT}limits/scale/", limits.scale, name="scale"),
    path(f"{ROOT}limits/ask/", limits.ask_statement, name="ask-limits"),
    path(f"{ROOT}limits/signing/", limits.signing, name="signing"),
    path(f"{ROOT}limits/<slug:category>/", limits.one, name="limit"),
    path(f"{ROOT}library/", library.proposals, name="library"),
    path(f"{ROOT}library/changes/", library.changes, name="library-changes"),
    path(f"{ROOT}library/changes/<uuid:pk>/accept/", library.accept, name="accept-change"),
    path(f"{ROOT}library/changes/<uuid:pk>/decline/", library.decline, name="decline-change"),
    path(f"{ROOT}library/<slug:key>/new/", library.adopt, name="adopt"),
    path(f"{ROOT}linked/<str:record>/", links.link_record, name="link-record"),
    path(ONE, detail.risk, name="detail"),
    path(f"{ONE}edit/", edit.edit, name="edit"),
    path(f"{ONE}rate/", edit.rate, name="rate"),
    path(f"{ONE}estimate/", estimate.estimate, name="estimate"),
    path(f"{ONE}reviewed/", detail.reviewed, name="reviewed"),
    path(f"{ONE}confirm/", detail.confirm, name="confirm"),
    path(f"{ONE}close/", detail.close, name="close"),
    path(f"{ONE}reopen/", detail.reopen, name="reopen"),
    path(f"{ONE}link/", links.link, name="link"),
    path(f"{ONE}link/<uuid:pk>/off/", links.unlink, name="unlink"),
    path(f"{ONE}merge/", merging.merge, name="merge"),
    path(f"{ONE}split/", merging.split, name="split"),
    path(f"{ONE}plan/", treat.plan, name="plan"),
    path(f"{ONE}plan/ask/", treat.ask_plan, name="ask-plan"),
    path(f"{ONE}plan/withdraw/", treat.withdraw_plan, name="withdraw-plan"),
    path(f"{ONE}steps/new/", steps.new, name="step-new"),
    path(f"{ONE}steps/<str:task>/", steps.edit, name="step"),
    path(f"{ONE}accept/", treat.ask_acceptance, name="ask-acceptance"),
    path(f"{ONE}accept/record/", treat.record_acceptance, name="record-acceptance"),
    path(f"{ONE}accept/withdraw/", treat.withdraw_acceptance, name="withdraw-acceptance"),
    path(f"{ONE}accept/end/", treat.end_acceptance, name="end-acceptance"),
]
