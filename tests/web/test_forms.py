"""Forms answer bad input with the field, the value and the remedy, and lose nothing."""

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.test import RequestFactory

from vciso.tenancy.models import Practice
from vciso.web.filters import FilterBar
from vciso.web.forms import Form, MarkdownInput, ModelForm, words_of
from vciso.web.navigation import NavItem, register, sections
from vciso.web.pagination import sorting
from vciso.web.responses import query
from vciso.web.typed import typed


class Sample(Form):
    widths = {"name": "l"}
    name = forms.CharField(max_length=5, help_text="As on the contract.")
    on = forms.DateField(label="Review date")
    minutes = forms.IntegerField(min_value=1)
    kind = forms.ChoiceField(choices=[("", "Choose"), ("a", "Policy")])
    mail = forms.EmailField(required=False)
    own = forms.IntegerField(required=False, error_messages={"invalid": "Our own words."})
    note = forms.CharField(required=False, widget=MarkdownInput)
    rate = forms.DecimalField(required=False, max_digits=5, decimal_places=2)


def test_each_mistake_names_its_value_and_the_remedy():
    form = Sample({"name": "too long", "on": "tomorrow", "minutes": "0", "kind": "zebra", "mail": "me", "own": "x"})
    assert not form.is_valid()
    assert form.errors["name"] == ["Name is 3 characters too long: 5 fit."]
    assert form.errors["on"] == ["“tomorrow” is no date. Pick one, or write it as 2026-11-24."]
    assert form.errors["minutes"] == ["“0” is too small: at least 1."]
    assert form.errors["kind"] == ["“zebra” cannot be chosen for kind. Pick one from the list."]
    assert form.errors["mail"] == ["“me” is no e-mail address. Write it as name@example.com."]
    assert form.errors["own"] == ["Our own words."]


@pytest.mark.parametrize(
    ("rate", "sentence"),
    [
        ("123456", "“123456” is too long: at most 5 digits in all."),
        ("1234", "“1234” is too large: at most 3 digits before the point."),
        ("1.234", "“1.234” is too fine: at most 2 digits after the point."),
    ],
)
def test_a_number_of_too_many_digits_is_refused_in_our_words(rate, sentence):
    assert Sample({"rate": rate}).errors["rate"] == [sentence]


@pytest.mark.parametrize("day", ["0206-03-01", "9999-12-31"])
def test_a_year_that_nobody_means_is_questioned(day):
    assert Sample({"on": day}).errors["on"] == [f"“{day}” is no likely date. Give a year from 1900 to 2150."]


def test_what_is_missing_is_said_for_its_field():
    for given in ({}, {"name": "\u200b\u2060"}):
        assert Sample(given).errors["name"] == ["Name: this is missing."]
    form = Sample({"note": "\u200b"})
    assert form["note"].errors == [] and form.cleaned_data["note"] == ""
    assert form.errors["kind"] == ["Kind: choose one."]


def test_a_forms_own_refusal_keeps_its_words():
    form = Sample({"name": "Ann"})
    form.is_valid()
    form.add_error("name", ValidationError("Ann has left.", code="invalid"))
    assert "Ann has left." in form.errors["name"]


def test_every_field_is_labelled_described_and_its_error_linked():
    html = str(Sample({"name": ""}))
    assert '<label class="label" for="id_name">' in html
    assert 'id="id_name_helptext"' in html and 'id="id_name_error"' in html
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert "(optional)" in html and 'type="date"' in html and 'data-width="l"' in html


def test_a_width_for_a_field_that_is_not_there_is_a_mistake():
    class Wrong(Form):
        widths = {"nmae": "s"}
        name = forms.CharField()

    with pytest.raises(TypeError, match="nmae"):
        Wrong()


class PracticeForm(ModelForm):
    version_field = "slug"

    class Meta:
        model = Practice
        fields = ["name"]


def saved_practice():
    practice = Practice(name="North", slug="one")
    practice._state.adding = False
    return practice


def test_somebody_elses_saving_in_between_is_a_conflict_with_both_values(monkeypatch):
    monkeypatch.setattr(PracticeForm, "_post_clean", lambda self: None)
    form = PracticeForm({"name": "South", "seen_version": "older"}, instance=saved_practice())
    assert not form.is_valid() and form.conflicts
    assert [(d.label, d.theirs, d.yours) for d in form.differences()] == [("Name", "North", "South")]


def test_the_version_shown_travels_with_the_form():
    assert 'name="seen_version" value="one"' in str(PracticeForm(instance=saved_practice()))


def request(path):
    return RequestFactory().get(path)


def test_sorting_knows_its_names_and_turns_round():
    fields = {"score": ("score", "id"), "due": ("-due_on", "id")}
    assert sorting(request("/?sort=due"), fields, default="-score").order_by == ("-due_on", "id")
    turned = sorting(request("/?sort=-due"), fields, default="-score")
    assert turned.order_by == ("due_on", "-id") and turned.next_value("due") == "due"
    assert sorting(request("/?sort=password"), fields, default="-score").order_by == ("-score", "-id")


def test_a_query_keeps_what_it_is_not_asked_to_change_and_starts_at_the_first_page():
    asked = request("/risks/?q=a b&owner=1&owner=2&page=4")
    assert QueryDict(query(asked, owner=None)[1:]) == QueryDict("q=a b")
    assert QueryDict(query(asked, sort="-score")[1:]).getlist("owner") == ["1", "2"]
    assert query(request("/risks/?q=a"), q=None) == "/risks/"


class Filters:
    class form_class(forms.Form):
        q = forms.CharField(required=False)
        state = forms.MultipleChoiceField(required=False, choices=[("open", "Open"), ("closed", "Closed")])
        before = forms.DateField(required=False)

    def __init__(self, data):
        self.form = self.form_class(data)


def test_filters_are_links_that_add_and_remove_one_value():
    asked = request("/risks/?state=open&q=mail")
    bar = FilterBar(asked, Filters(asked.GET))
    state, before = list(bar.chips())
    assert state.value == "Open" and QueryDict(state.remove_url[1:]) == QueryDict("q=mail")
    assert [option.chosen for option in state.options] == [True, False]
    assert QueryDict(state.options[1].url[1:]).getlist("state") == ["open", "closed"]
    assert before.field is not None and bar.active and bar.hidden == [("state", "open")]


def test_values_that_no_filter_knows_are_said():
    asked = request("/risks/?state=open&state=lost&q=x&before=soon")
    assert FilterBar(asked, Filters(asked.GET)).unread == [
        "State: “lost” is not known here, so the list is not narrowed by it.",
        "Before: “soon” is not known here, so the list is not narrowed by it.",
    ]
    asked = request("/risks/?state=open&before=2026-11-24&strange=1")
    assert FilterBar(asked, Filters(asked.GET)).unread == []


def test_navigation_leaves_out_what_is_not_allowed_or_not_there():
    register(
        NavItem("", "Patterns", "palette", "web:patterns", scope="owner"),
        NavItem("", "Elsewhere", "palette", "nowhere:page", scope="owner"),
        NavItem("", "Secret", "palette", "web:patterns", scope="owner", permission="x"),
    )
    labels = [line.label for part in sections("owner", allowed=lambda p: p != "x") for line in part.lines]
    assert "Elsewhere" not in labels and "Secret" not in labels
    with pytest.raises(ValueError, match="none of"):
        register(NavItem("Somewhere", "x", "x", "x"))


class Late(Form):
    sample_reason = forms.CharField(label="Your reason")
    sample_outcome = forms.ChoiceField(choices=[("Kinds", [("acc", "Accept it")]), ("rej", "Reject it")])
    sample_open = forms.ChoiceField(choices=())
    sample_agreed = forms.BooleanField(label="I have read it", required=False)
    sample_who = forms.ModelChoiceField(queryset=Practice.objects.none())
    sample_code = forms.CharField(widget=forms.PasswordInput)
    sample_mark = forms.CharField(widget=forms.HiddenInput)


def test_a_form_that_came_too_late_keeps_texts_and_choices_by_label_and_no_keys_or_ids():
    person = "6f7c2a4e-9d6a-4a52-8a1f-0d9a4f0e5c11"
    posted = QueryDict(
        "csrfmiddlewaretoken=t&seen_version=v&then=put&sample_reason=Too+dear&sample_outcome=acc&sample_open=key"
        f"&sample_agreed=on&sample_who={person}&sample_code=s3&sample_mark=m&label_9=Wait&other={person}&password=p"
    )
    assert typed(posted) == [("Your reason", "Too dear"), ("Sample outcome", "Accept it"), ("Label 9", "Wait")]


def test_a_conflict_shows_choices_by_their_labels():
    fields = Late.base_fields
    assert words_of(fields["sample_outcome"], "acc") == "Accept it"
    assert words_of(fields["sample_outcome"], "6f7c2a4e") == "No longer in the list"
    assert [words_of(fields["sample_agreed"], one) for one in (True, False)] == ["Yes", "No"]
    assert words_of(fields["sample_reason"], None) == ""


def test_what_is_no_key_of_a_record_is_refused_in_our_words():
    class Chosen(Form):
        practice = forms.ModelChoiceField(Practice.objects.none(), label="Practice")

    assert Chosen({"practice": "nobody"}).errors["practice"] == [
        "“nobody” cannot be chosen here. Pick one from the list."
    ]
