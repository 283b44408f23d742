"""A column for each sort of impact: the client's categories are filled, the worst counts, and nothing is lost."""

import datetime as dt
import io

import pytest

from risks import columns, services
from risks.models import Risk
from tests.risks.conftest import NOW
from vciso.imports import export
from vciso.imports import services as imports
from vciso.imports.enums import Taking

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path):
    settings.FILES_ROOT = tmp_path / "files"


def look(cast, text, name="register.csv", at=NOW):
    return imports.preview(client=cast.acme, kind=columns.KIND, name=name, content=text.encode(), by=cast.alice, at=at)


def bring(cast, text, name="register.csv", at=NOW):
    return imports.import_rows(batch=look(cast, text, name, at), taking=Taking.GOOD, by=cast.alice, at=at)


def rated():
    return {risk.title: (risk.now_likelihood, risk.now_impact, risk.now_impacts) for risk in Risk.objects.all()}


HEAD = "Ref,Risk,Likelihood,Financial impact,Reputational impact,Operational impact,Legal impact\n"
PER_CATEGORY = HEAD + "P1,Payroll leak,3,5,2,1,4\nP2,Server dies,4,2,1,5,1\nP3,Fine,2,4,5,1,5\n"


def test_each_column_fills_its_category_and_a_second_import_and_an_export_say_the_same(alices):
    bring(alices, PER_CATEGORY)
    assert rated() == {
        "Payroll leak": (3, 5, {"financial": 5, "reputation": 2, "operational": 1, "legal": 4}),
        "Server dies": (4, 5, {"financial": 2, "reputation": 1, "operational": 5, "legal": 1}),
        "Fine": (2, 5, {"financial": 4, "reputation": 5, "operational": 1, "legal": 5}),
    }
    assert not Risk.objects.exclude(target_impact=None).exists()
    later = NOW + dt.timedelta(hours=1)
    assert look(alices, PER_CATEGORY, at=later).counts["unchanged"] == 3
    out = io.BytesIO()
    export.write(columns.KIND, alices.acme, "csv", out)
    assert look(alices, out.getvalue().decode("utf-8-sig"), "export.csv", later).counts["unchanged"] == 3


def test_sorts_the_client_does_not_have_stay_in_the_notes_and_the_overall_impact_counts(alices):
    text = "Ref,Scenario,L,Impact C,Impact I,Impact A,Max impact,Risk (1-25)\n1,Leak,3,5,2,1,5,15\n2,Edit,2,2,4,1,4,8\n"
    batch = bring(alices, text)
    assert rated() == {"Leak": (3, 5, {"unconfirmed": 5}), "Edit": (2, 4, {"unconfirmed": 4})}
    assert [remark[:10] for remark in batch.remarks if "is no impact category" in remark] == [
        "“Impact C”", "“Impact I”", "“Impact A”",
    ]  # fmt: skip
    assert not batch.counts["warning"]
    assert "Impact I: 2" in Risk.objects.get(title="Leak").private_notes
    assert look(alices, text, at=NOW + dt.timedelta(hours=1)).counts["unchanged"] == 2


def test_letters_are_the_categories_of_a_client_that_has_them(alices):
    for name in ("Confidentiality", "Integrity", "Availability"):
        services.add_category(client=alices.acme, name=name, by=alices.alice, at=NOW)
    bring(alices, "Ref,Risk,L,Impact C,Impact I,Impact A,Impact on a student\n1,Leak,3,5,2,1,4\n")
    assert rated() == {"Leak": (3, 5, {"confidentiality": 5, "integrity": 2, "availability": 1})}
    assert "Impact on a student: 4" in Risk.objects.get().private_notes


def test_without_an_overall_impact_the_worst_of_known_and_unknown_sorts_counts(alices):
    text = "Ref,Risk,Likelihood,Impact on students,Legal / regulatory impact,Safety impact\n1,Fire,2,5,1,4\n"
    bring(alices, text)
    assert rated() == {"Fire": (2, 5, {"legal": 1, "people": 4, "unconfirmed": 5})}
    assert "Impact on students: 5" in Risk.objects.get().private_notes
    assert look(alices, text, at=NOW + dt.timedelta(hours=1)).counts["unchanged"] == 1


def test_figures_of_losses_stay_in_the_notes_and_the_preview_says_so_once(alices):
    head = "Ref,Risk,Likelihood,Impact,LEF Max,ALE (mean),Secondary Loss ML\n"
    text = head + "1,Theft,2,4,1,$420000,$1m\n2,Fire,2,5,1,$1,$2\n"
    batch = look(alices, text)
    said = [remark for remark in batch.remarks if "estimate" in remark]
    assert len(said) == 1 and "“LEF Max”" in said[0] and not batch.counts["warning"]


def test_categories_above_the_overall_impact_or_not_understood_are_told_and_kept(alices):
    text = (
        HEAD.replace("Ref,", "Ref,Overall impact,")
        + "1,3,Blaze,2,5,1,1,1\n4,4,Smoke,2,huge,4,1,1\n2,,Odd,2,5,huge,1,1\n3,,Half,,5,1,1,1\n"
    )
    batch = bring(alices, text)
    assert rated() == {
        "Blaze": (2, 3, {"unconfirmed": 3}),
        "Smoke": (2, 4, {"reputation": 4, "operational": 1, "legal": 1}),
        "Odd": (None, None, {}),
        "Half": (None, None, {}),
    }
    said = " ".join(remark["reason"] for row in batch.rows.all() for remark in row.remarks)
    assert "is below its worst category" in said
    assert "so the worst is not known" in said
    assert "without a likelihood" in said
    assert not any("is no impact category" in remark for remark in batch.remarks)
    assert all("Financial impact: " in risk.private_notes for risk in Risk.objects.all())
    assert look(alices, text, at=NOW + dt.timedelta(hours=1)).counts["unchanged"] == 4


def test_categories_a_file_does_not_have_keep_their_level_and_a_list_in_one_cell_tells_unknown_names(alices):
    bring(
        alices,
        "Ref,Risk,Likelihood,Impact,Impact by category now\n1,Flood,2,4,People 4; Financial 1; Moon 3; Legal high\n",
    )
    risk = Risk.objects.get()
    assert risk.now_impacts == {"people": 4, "financial": 1}
    assert "Moon 3" in risk.private_notes and "Legal high" in risk.private_notes
    bring(alices, "Ref,Risk,Likelihood,Financial impact,Legal impact\n1,Flood,2,5,2\n", at=NOW + dt.timedelta(hours=1))
    risk.refresh_from_db()
    assert risk.now_impacts == {"people": 4, "financial": 5, "legal": 2}
