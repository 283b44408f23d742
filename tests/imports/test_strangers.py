"""Registers and inventories in the shapes that other tools and offices give them."""

from __future__ import annotations

from benchmarks.imports import LIMIT_S, measure
from tests.imports.sheets import VENDORS, columns, csv_bytes, look, values, xlsx_bytes


def test_export_with_three_ratings_keeps_them_apart() -> None:
    head = [
        "ref_id",
        "name",
        "inherent_proba",
        "inherent_impact",
        "current_proba",
        "current_impact",
        "residual_proba",
        "residual_impact",
    ]
    seen = look(
        csv_bytes([head, ["R.1", "The kiln overheats", "High", "High", "Low", "High", "Very Low", "Low"]], mark=";")
    )
    assert [columns(seen)[letter] for letter in "CDEFGH"] == [
        "likelihood_before", "impact_before", "likelihood_now", "impact_now", "likelihood_target", "impact_target",
    ]  # fmt: skip
    row = seen.plan.rows[0].values
    assert (row["likelihood_before"], row["likelihood_now"], row["likelihood_target"]) == (4, 2, 1)


def test_consequence_in_words_and_in_numbers_stand_beside_each_other() -> None:
    head = [
        "Ref",
        "Date raised",
        "Risk description",
        "Causes",
        "Consequences",
        "Category",
        "Consequence",
        "Likelihood",
        "Risk score (1-25)",
    ]
    seen = look(
        csv_bytes(
            [
                ["Register 2026"],
                [],
                head,
                ["1", "13/02/2026", "Fire at the depot", "Wiring", "Depot closed", "Safety", "5", "2", "10"],
            ]
        )
    )
    assert columns(seen)["E"] == "consequence" and columns(seen)["G"] == "impact_now"
    assert values(seen, "consequence") == ["Depot closed"] and not seen.plan.rows[0].remarks


def test_asset_threat_and_vulnerability_make_a_risk() -> None:
    head = ["Asset", "Threat", "Vulnerability", "Likelihood", "Impact", "Risk", "Control", "Review frequency"]
    seen = look(
        csv_bytes(
            [
                head,
                ["Server", "Ransomware spreads", "No patching", "High", "Very High", "Critical", "Backups", "Annually"],
            ]
        )
    )
    row = seen.plan.rows[0]
    assert row.values["title"] == "Ransomware spreads" and row.values["cause"] == "No patching"
    assert (row.values["likelihood_now"], row.values["impact_now"]) == (4, 5)
    assert columns(seen)["F"] == "score_now" and "Review frequency: Annually" in row.values["notes"]


def test_cause_event_and_effect_without_a_title() -> None:
    seen = look(
        csv_bytes(
            [
                ["Cause", "Risk event", "Effect", "Prob.", "Sev."],
                ["Old wiring", "Fire starts in the hall", "Stock lost", "3", "5"],
            ]
        )
    )
    assert values(seen, "title") == ["Fire starts in the hall"] and values(seen, "impact_now") == [5]


def test_levels_out_of_five_are_of_five() -> None:
    assert values(
        look(csv_bytes([["Risk", "Likelihood", "Impact"], ["The kiln overheats", "3/5", "2/5"]])), "impact_now"
    ) == [2]


def test_a_version_history_below_is_left_out() -> None:
    rows = [["Risk", "Owner", "Rating"], ["Power is lost in the hall", "Dana", "High"], ["Water is lost", "", "Low"],
            [], [],
            ["Version history"], ["Version", "Date", "Author"], ["1.0", "2025-01-01", "Ann"]]  # fmt: skip
    assert len(look(xlsx_bytes(rows)).plan.rows) == 2


def test_headings_in_german() -> None:
    head = ["Nr.", "Risiko", "Eintrittswahrscheinlichkeit", "Auswirkung", "Maßnahme", "Verantwortlich", "Status"]
    seen = look(
        csv_bytes(
            [head, ["1", "Serverausfall am Freitag", "hoch", "mittel", "Batterie", "Dana", "offen"]],
            mark=";",
            encoding="cp1252",
        )
    )
    row = seen.plan.rows[0]
    assert not row.remarks and row.values["owner"] == "p1" and row.values["status"] == "open"


def test_inventory_of_third_parties() -> None:
    head = [
        "Third Party Name",
        "Services Provided",
        "Risk Tier",
        "Data Shared",
        "Contract Renewal Date",
        "Auto-Renew",
        "Annual Spend ($)",
        "SOC 2?",
    ]
    rows = [["Vendors of the firm"], head, ["Acme Cloud", "Hosting", "Tier 1", "PII, PHI", "2027-06-30", "Yes", 45000.5,
             "Type II"],
            ["Paper Co", "Stationery", "Low", "None", "Month-to-month", "N", "1,200", ""]]  # fmt: skip
    seen = look(xlsx_bytes(rows), of=VENDORS)
    first, second = (row.values for row in seen.plan.rows)
    assert (
        first["data"] == ["PII", "PHI"]
        and first["certificates"] == ["SOC 2: Type II"]
        and first["annual_spend"] == 4500050
    )
    assert second["tier"] == "3" and second["auto_renew"] is False and second["contract_end"] is None
    assert "Contract Renewal Date: Month-to-month" in second["notes"]


def test_finance_export_of_suppliers() -> None:
    rows = [
        ["Supplier no.", "Name", "Spend YTD", "Cost centre"],
        ["1001", "Ledger Ltd", "12,400.00", "IT"],
        ["", "Total", "12400", ""],
    ]
    seen = look(csv_bytes(rows), of=VENDORS)
    assert values(seen, "reference") == ["1001"] and values(seen, "annual_spend") == [1240000]
    assert [item.reason for _, item in seen.plan.skipped] == ["a total, not a record"]


def test_five_thousand_rows_cost_little_more_than_looking_at_each_cell() -> None:
    found = measure(5_000, 1)
    assert found["ratio"] < 5, found
    assert found["preview_s"] < LIMIT_S or found["plain_read_s"] > 2, found
