"""Registers, inventories and policy lists in the layouts that tools, offices and people give them."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from openpyxl import Workbook

from tests.imports.sheets import POLICIES, RISKS, VENDORS, csv_bytes, xlsx_bytes
from vciso.imports.registry import ImportKind

Rows = Sequence[Sequence[Any]]


@dataclass(frozen=True)
class Layout:
    """One file: what it is, and what a consultant would expect of it."""

    name: str
    content: Callable[[], bytes]
    of: ImportKind
    expected: list[dict[str, Any]]
    """Values of the rows in order; only the named ones are compared."""
    skipped: int = 0
    notes: tuple[str, ...] = ()
    """Texts that must be found in the notes, so that nothing is lost."""
    file: str = field(default="")

    @property
    def file_name(self) -> str:
        return self.file or ("list.xlsx" if self.content()[:2] == b"PK" else "list.csv")


def book(tabs: dict[str, Rows]) -> bytes:
    made = Workbook()
    made.remove(made.active)
    for name, rows in tabs.items():
        sheet = made.create_sheet(name)
        for number, row in enumerate(rows, 1):
            for column, value in enumerate(row, 1):
                if value is not None:
                    sheet.cell(number, column, value)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def merged(rows: Rows, *areas: str) -> bytes:
    return xlsx_bytes(rows, shape=lambda _, sheet: [sheet.merge_cells(area) for area in areas] and None)


LAYOUTS = [
    Layout(
        "compliance tool, flat export",
        lambda: csv_bytes([
            ["Risk ID", "Name", "Description", "Identified date", "Owners", "Controls", "Categories", "Treatment",
             "Inherent impact", "Inherent likelihood", "Inherent score", "Residual impact", "Residual likelihood",
             "Residual score", "Anticipated completion date", "Completed date", "Reviewer"],
            ["AC-1", "Leavers keep access", "Accounts stay open", "2026-01-04T10:00:00Z", "dana@acme.test", "C-1|C-2",
             "Access", "Mitigate", "4", "3", "12", "2", "2", "4", "2026-12-01", "", "omar@acme.test"],
            ["AC-2", "Passwords are shared", "", "2026-02-04T10:00:00Z", "", "", "Access", "Untreated", "5", "4", "20",
             "", "", "", "", "", ""],
        ]),
        RISKS,
        [{"reference": "AC-1", "title": "Leavers keep access", "likelihood_before": 3, "impact_before": 4,
          "likelihood_now": 2, "impact_now": 2, "treatment": "reduce", "owner": "p1", "due": "2026-12-01"},
         {"reference": "AC-2", "likelihood_before": 4, "treatment": "untreated", "likelihood_now": None}],
        notes=("Reviewer: omar@acme.test",),
    ),
    Layout(
        "risk suite with levels up to ten",
        lambda: xlsx_bytes([
            ["Permanent Id", "Risk Name", "Inherent Likelihood", "Inherent Impact", "Inherent Risk Score",
             "Residual Likelihood", "Residual Impact", "Response1 Title", "Response1 Enddate"],
            ["P-1", "Ransomware", 8, 9, 72, 5, 7, "Roll out EDR", "2026-08-01"],
            ["P-2", "Flood", 2, 10, 20, 1, 6, None, None],
        ]),
        RISKS,
        [{"likelihood_before": 4, "impact_before": 5, "likelihood_now": 3, "impact_now": 4, "action": "Roll out EDR",
          "due": "2026-08-01"}, {"likelihood_before": 1, "impact_before": 5}],
    ),
    Layout(
        "case-sensitive headings, numbered words, few levels",
        lambda: csv_bytes([
            ["ID", "Name", "Owner", "Status", "Likelihood", "Impact", "Tolerance", "Response", "Notes"],
            ["H-1", "Key staff leave", "Dana Field (dana@acme.test)", "Active", "3 - Possible", "4 - Major", "8",
             "Mitigate", "cross train"],
        ]),
        RISKS,
        [{"likelihood_now": 3, "impact_now": 4, "owner": "p1", "status": "open"}],
        notes=("Tolerance: 8", "cross train"),
    ),
    Layout(
        "open-source tool with raw values and bars",
        lambda: csv_bytes([
            ["ref_id", "assets", "threats", "name", "existing_controls", "current_proba", "current_impact",
             "current_risk", "additional_controls", "residual_proba", "residual_impact", "treatment", "owner"],
            ["R.1", "CRM|Mail", "Phishing", "Account takeover", "MFA|Filter", "High", "Very High", "Very High", "Keys",
             "Low", "High", "mitigate", "dana@acme.test"],
            ["R.2", "ERP", "", "Data loss", "Backups", "Medium", "High", "High", "", "Low", "Medium", "open", ""],
        ], mark=";"),
        RISKS,
        [{"likelihood_now": 4, "impact_now": 5, "likelihood_target": 2, "impact_target": 4, "action": "Keys",
          "cause": "Phishing"}, {"treatment": "untreated", "likelihood_now": 3}],
    ),
    Layout(
        "government form over merged headings",
        lambda: merged([
            ["OFFICIAL"], ["Programme: Bridge", "", "", "", "Version 3.2"], ["Fill in the white cells"],
            ["Risk No.", "Risk Title", "There is a risk that…", "Caused by…", "Resulting in…", "Gross", None, None,
             "Net", None, None, "Appetite", "Risk Owner (SRO)", "Date of next review"],
            [None, None, None, None, None, "L", "I", "Score", "L", "I", "Score"],
            ["1", "Supplier fails", "the supplier becomes insolvent", "weak market", "works stop", 4, 5, 20, 2, 5, 10,
             "Cautious", "Dana Field", "31/10/2026"],
        ], "F4:H4", "I4:K4"),
        RISKS,
        [{"title": "Supplier fails", "event": "the supplier becomes insolvent", "cause": "weak market",
          "consequence": "works stop", "likelihood_before": 4, "impact_before": 5, "likelihood_now": 2,
          "impact_now": 5, "owner": "p1", "review": "2026-10-31"}],
        notes=("Appetite: Cautious",),
    ),
    Layout(
        "federal template with vertical and horizontal merges",
        lambda: merged([
            ["Notional register"], [],
            ["ID", "Priority", "Risk Description", "Current Assessment", None, None, "Risk Response Type",
             "Risk Response Cost", "Risk Response Description", "Risk Owner", "Status"],
            [None, None, None, "Likelihood", "Impact", "Exposure Rating"],
            [1, "Moderate", "The file server is encrypted", "Moderate", "High", "High", "Mitigate", "$20,000",
             "Offline backups", "Dana Field", "Open"],
        ], "A1:K1", "D3:F3", "A3:A4", "B3:B4", "C3:C4", "G3:G4", "H3:H4", "I3:I4", "J3:J4", "K3:K4"),
        RISKS,
        [{"likelihood_now": 3, "impact_now": 5, "treatment": "reduce", "action": "Offline backups", "owner": "p1"}],
        notes=("Risk Response Cost: $20,000",),
    ),
    Layout(
        "auditors' form with a word and a number for the score",
        lambda: xlsx_bytes([
            ["Corporate register", "", "", "", "Last updated:", "14/03/2026"], ["Department: Finance"], [],
            ["Ref", "Risk Raiser", "Date raised", "Risk description", "Causes", "Consequences", "Existing controls",
             "Category", "Consequence", "Likelihood", "Risk level", "Risk score (1-25)", "Risk accepted Y/N",
             "Further action", "Action owner", "Due"],
            ["F1", "Dana Field", "13/01/2026", "Invoices paid twice", "Manual entry", "Loss of cash", "Four eyes",
             "Financial", 4, 3, "High", 12, "N", "Automate matching", "Omar Reyes", "30/06/2026"],
        ]),
        RISKS,
        [{"impact_now": 4, "likelihood_now": 3, "consequence": "Loss of cash", "owner": "p2", "due": "2026-06-30",
          "raised_on": "2026-01-13"}],
        notes=("Risk Raiser: Dana Field",),
    ),
    Layout(
        "heat map beside the table, after an empty column",
        lambda: xlsx_bytes([
            ["Risk", "Likelihood (1-5)", "Impact (1-5)", "Owner", "", "Matrix", 1, 2, 3, 4, 5],
            ["Fire in the kitchen", 3, 4, "Dana Field", "", 5, 5, 10, 15, 20, 25],
            ["Theft of the van", 2, 3, "Omar Reyes", "", 4, 4, 8, 12, 16, 20],
            [None, None, None, None, "", 3, 3, 6, 9, 12, 15],
        ]),
        RISKS,
        [{"title": "Fire in the kitchen", "likelihood_now": 3, "notes": ""}, {"title": "Theft of the van"}],
        skipped=1,
    ),
    Layout(
        "open and closed risks one under the other on a sheet",
        lambda: xlsx_bytes([
            ["Open risks"], ["No", "Risk", "L", "I", "Owner", "Target"],
            [1, "Roof leaks over the archive", 3, 3, "Dana Field", "2027-01-31"], [], [],
            ["Closed risks"], ["No", "Risk", "Closed on", "Reason"], [7, "Old boiler bursts", "2025-05-05", "replaced"],
        ]),
        RISKS,
        [{"title": "Roof leaks over the archive", "due": "2027-01-31", "likelihood_now": 3},
         {"title": "Old boiler bursts", "closed_on": "2025-05-05"}],
        notes=("Reason: replaced",),
    ),
    Layout(
        "headings down the side, a risk per column",
        lambda: xlsx_bytes([
            ["Risk ID", "R-1", "R-2"], ["Risk", "Leak of the client list", "Website defaced"], ["Likelihood", 3, 2],
            ["Impact", 4, 2], ["Owner", "Dana Field", "Omar Reyes"], ["Status", "Open", "Closed"],
            ["Due date", "2027-01-01", ""],
        ]),
        RISKS,
        [{"reference": "R-1", "title": "Leak of the client list", "likelihood_now": 3, "impact_now": 4, "owner": "p1",
          "due": "2027-01-01"}, {"reference": "R-2", "status": "closed", "owner": "p2"}],
    ),
    Layout(
        "a tab per site with the same headings",
        lambda: book({
            "Read me": [["How to use this"]],
            "Leeds": [["Ref", "Risk", "Likelihood", "Impact"], ["L1", "Boiler fails", 2, 5]],
            "York": [["Ref", "Risk", "Likelihood", "Impact"], ["Y1", "River floods", 4, 4]],
            "Criteria": [["Likelihood", "Score", "Description"], ["Rare", 1, "less than 5 in 100"]],
        }),
        RISKS,
        [{"title": "Boiler fails", "likelihood_now": 2}, {"title": "River floods", "likelihood_now": 4}],
    ),
    Layout(
        "ad hoc list with notes columns and vague days",
        lambda: xlsx_bytes([
            ["#", "Issue / Risk", "H/M/L", "Who", "By when", "Comments", "Update June", "Update July"],
            [1, "Passwords on sticky notes", "H", "Dana", "end of Q3", "asked twice", "posters up", "still seen"],
            [2, "No MFA on mail", "M", "Omar Reyes", "30 Sept 2026", "", "pilot done", ""],
        ]),
        RISKS,
        [{"title": "Passwords on sticky notes", "owner": "p1", "due": None}, {"owner": "p2", "due": "2026-09-30"}],
        notes=("Update June: posters up", "By when: end of Q3", "H/M/L: H"),
    ),
    Layout(
        "nothing but lines of text",
        lambda: b"Laptop theft\nFlood in the cellar\nKey person leaves\n",
        RISKS,
        [{"title": "Laptop theft"}, {"title": "Flood in the cellar"}, {"title": "Key person leaves"}],
        file="risks.txt",
    ),
    Layout(
        "two ratings in one column",
        lambda: csv_bytes([["Risk statement", "Likelihood/Impact", "Mitigation"],
                           ["If the only admin leaves, nobody can restore", "3/4", "Train a second"]]),
        RISKS,
        [{"description": "If the only admin leaves, nobody can restore", "likelihood_now": 3, "impact_now": 4}],
    ),
    Layout(
        "creditors out of the finance system",
        lambda: csv_bytes([
            ["Creditor list as of 31.12.2026"], [],
            ["Supplier no.", "Name 1", "Name 2", "City", "Spend YTD (EUR)", "Cost centre", "Blocked"],
            ["70001", "Ledger Cloud GmbH", "", "Berlin", "12.400,50", "IT", ""],
            ["70002", "Paper & Co", "Office supplies", "Köln", "980,00", "ADM", "X"],
            ["", "Total", "", "", "13.380,50"],
        ], mark=";", encoding="cp1252"),
        VENDORS,
        [{"reference": "70001", "title": "Ledger Cloud GmbH", "annual_spend": 1240050, "location": "Berlin"},
         {"title": "Paper & Co", "annual_spend": 98000, "location": "Köln"}],
        skipped=1,
        notes=("Name 2: Office supplies", "Blocked: X"),
    ),
    Layout(
        "third parties under merged groups with tier sections",
        lambda: merged([
            ["THIRD PARTY INVENTORY"], ["Vendor", None, "Security", None, None, "Contract", None, None, "Contacts"],
            ["Name", "Service", "Tier", "Data", "SOC 2 date", "Start", "Renewal", "Notice", "Business owner"],
            ["TIER 1 VENDORS"],
            ["HostCo", "Hosting", "1 - Critical", "PII, PHI", "2026-03-01", "2024-01-01", "2027-01-01", "90 days",
             "Dana Field"],
            ["PayCo", "Payments", "Tier 1", "Card data", "", "2024-05-01", "auto-renews", "60 days before", "Finance"],
            ["TIER 3 VENDORS"], ["PlantCo", "Plants", "3", "None", "", "", "", "", "Reception"],
        ], "A2:B2", "C2:E2", "F2:H2", "A4:I4", "A7:I7"),
        VENDORS,
        [{"title": "HostCo", "tier": "1", "data": ["PII", "PHI"], "contract_end": "2027-01-01",
          "notice_period": "90 days", "owner": "p1"},
         {"title": "PayCo", "contract_end": None, "notice_period": "60 days before"}, {"tier": "3"}],
        skipped=2,
        notes=("Renewal: auto-renews", "Business owner: Finance"),
    ),
    Layout(
        "list out of a collaboration site",
        lambda: xlsx_bytes([
            ["Title", "Service", "Data categories", "Sub-processor?", "Region", "DPA signed", "Risk score",
             "Last reviewed", "Created By", "Modified"],
            ["Ledger Cloud", "Bookkeeping", "Names; bank details", "Yes", "EU", "Yes", 12, "2026-02-01", "Dana Field",
             "2026-09-09"],
        ]),
        VENDORS,
        [{"title": "Ledger Cloud", "data": ["Names", "bank details"], "location": "EU", "last_review": "2026-02-01"}],
        notes=("Risk score: 12", "Created By: Dana Field", "Modified: 2026-09-09"),
    ),
    Layout(
        "document register of a quality system",
        lambda: xlsx_bytes([
            ["DOCUMENT REGISTER"], ["Printed copies are uncontrolled"],
            ["Doc No.", "Document title", "Type", "Rev", "Document owner", "Approved by", "Approval date",
             "Review frequency", "Next review date", "Status", "SharePoint link"],
            ["POL-1", "Access control", "Policy", "3.1", "Dana Field", "Board", "2026-01-05", "Annually", "2027-01-05",
             "Approved", "https://docs.example/pol-1"],
            ["PRO-2", "Leaver procedure", "Procedure", "1", "HR", "", "", "", "", "In review", ""],
        ]),
        POLICIES,
        [{"reference": "POL-1", "title": "Access control", "version": "3.1", "owner": "p1", "approved_by": "Board",
          "approved_on": "2026-01-05", "review_every": "Annually", "next_review": "2027-01-05", "status": "in_force",
          "kind": "policy", "location": "https://docs.example/pol-1"},
         {"title": "Leaver procedure", "kind": "plan", "status": "draft", "version": "1"}],
        notes=("Document owner: HR",),
    ),
    Layout(
        "in German",
        lambda: csv_bytes([
            ["Risiko-Nr.", "Bezeichnung des Risikos", "Risikokategorie", "Eintrittswahrscheinlichkeit", "Schadenshöhe",
             "Bestehende Maßnahmen", "Geplante Maßnahmen", "Risikoverantwortlicher", "Umsetzung bis",
             "Behandlungsoption", "Status"],
            ["R1", "Ausfall des Servers", "IT", "sehr wahrscheinlich", "hoch", "Datensicherung", "Zweiter Server",
             "Dana Field", "31.03.2027", "Vermindern", "In Bearbeitung"],
            ["R2", "Diebstahl", "Physisch", "unwahrscheinlich", "mittel", "", "", "", "", "Akzeptieren",
             "Abgeschlossen"],
        ], mark=";", encoding="cp1252"),
        RISKS,
        [{"title": "Ausfall des Servers", "category": "IT", "likelihood_now": 5, "impact_now": 4, "owner": "p1",
          "due": "2027-03-31", "treatment": "reduce", "status": "open", "controls": "Datensicherung",
          "action": "Zweiter Server"}, {"treatment": "accept", "status": "closed", "likelihood_now": 2}],
    ),
    Layout(
        "in French",
        lambda: csv_bytes([
            ["N°", "Intitulé du risque", "Catégorie", "Probabilité", "Gravité", "Criticité", "Mesures existantes",
             "Plan d'action", "Responsable", "Échéance", "Traitement", "Statut"],
            ["1", "Panne du serveur", "Technique", "Élevée", "Très élevé", "20", "Sauvegardes", "Deuxième serveur",
             "Dana Field", "31/03/2027", "Réduire", "En cours"],
            ["2", "Vol", "", "Faible", "Moyenne", "6", "", "", "", "", "Accepter", "Clôturé"],
        ], mark=";"),
        RISKS,
        [{"likelihood_now": 4, "impact_now": 5, "treatment": "reduce", "status": "open", "due": "2027-03-31"},
         {"likelihood_now": 2, "impact_now": 3, "treatment": "accept", "status": "closed"}],
    ),
    Layout(
        "in Spanish",
        lambda: csv_bytes([
            ["Código", "Riesgo", "Causa", "Efecto", "Probabilidad", "Impacto", "Controles existentes", "Tratamiento",
             "Responsable", "Fecha límite", "Estado"],
            ["R-1", "Caída del servidor", "Equipo viejo", "Sin servicio", "Probable", "Mayor", "Copias", "Mitigar",
             "Dana Field", "31/03/2027", "Abierto"],
        ], mark=";"),
        RISKS,
        [{"cause": "Equipo viejo", "consequence": "Sin servicio", "likelihood_now": 4, "impact_now": 4,
          "treatment": "reduce", "status": "open"}],
    ),
    Layout(
        "in Italian",
        lambda: csv_bytes([
            ["ID", "Rischio", "Probabilità", "Impatto", "Misure esistenti", "Trattamento", "Responsabile", "Scadenza",
             "Stato"],
            ["1", "Guasto del server", "Alta", "Molto alto", "Backup", "Ridurre", "Dana Field", "31/03/2027", "Aperto"],
        ], mark=";"),
        RISKS,
        [{"likelihood_now": 4, "impact_now": 5, "treatment": "reduce", "due": "2027-03-31", "status": "open"}],
    ),
    Layout(
        "in Dutch",
        lambda: csv_bytes([
            ["Nr", "Risico", "Omschrijving", "Kans", "Gevolg", "Maatregelen", "Eigenaar", "Deadline", "Status"],
            ["1", "Uitval server", "De server valt uit", "groot", "zeer groot", "Tweede server", "Dana Field",
             "31-03-2027", "Gesloten"],
        ], mark=";"),
        RISKS,
        [{"title": "Uitval server", "likelihood_now": 4, "impact_now": 5, "owner": "p1", "status": "closed"}],
    ),
    Layout(
        "in Portuguese",
        lambda: csv_bytes([
            ["Nº", "Risco", "Probabilidade", "Impacto", "Plano de ação", "Resposta ao risco", "Responsável", "Prazo",
             "Situação"],
            ["1", "Queda do servidor", "Alta", "Muito alto", "Segundo servidor", "Mitigar", "Dana Field", "31/03/2027",
             "Em andamento"],
        ], mark=";"),
        RISKS,
        [{"likelihood_now": 4, "impact_now": 5, "action": "Segundo servidor", "treatment": "reduce", "status": "open"}],
    ),
]  # fmt: skip
