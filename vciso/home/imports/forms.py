"""The file to bring, and how it is to be read."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from vciso.imports.mapping import NOTE, SKIP, STRUCK, Mapping, SheetMapping
from vciso.imports.models import ImportBatch
from vciso.imports.reading.delimited import DELIMITERS, ENCODINGS
from vciso.imports.registry import ImportKind
from vciso.imports.scales import ENDS, HIGH, LOW, SCALES
from vciso.web.forms import Form

_HEADER = re.compile(r"^\s*(\d{1,6})\s*(?:[-–]\s*(\d{1,6})\s*)?$")
MOST_CHOICES = 100
LEVELS = [("", "Not rated"), *((str(level), str(level)) for level in range(1, 6))]


class UploadForm(Form):
    """One spreadsheet."""

    file = forms.FileField(
        label="Spreadsheet",
        help_text="XLSX, XLSM or CSV, at most 10 MB. Any headings in any order; you see what is understood first.",
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.xlsm,.csv,.tsv,.txt"}),
        error_messages={"required": "Choose the spreadsheet that holds your list."},
    )

    def __init__(self, *args: Any, kind: ImportKind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if kind.folders:
            self.fields["file"].widget.attrs["accept"] += ",.zip"
            self.fields["file"].help_text = (
                "XLSX, XLSM or CSV, or a ZIP of the documents themselves, of which only the names are read; "
                "at most 10 MB."
            )


class MappingForm(Form):
    """Tabs, headings, columns, levels and dates: everything the guess decided, to be changed."""

    fields_vary = True

    def __init__(self, *args: Any, batch: ImportBatch, kind: ImportKind, **kwargs: Any) -> None:
        self.batch, self.kind = batch, kind
        self.now = batch.read_as
        super().__init__(*args, **kwargs)
        self.sheets = batch.shape.get("sheets", [])
        for number, sheet in enumerate(self.sheets):
            self._add_sheet(number, sheet)
        self._add_scales()
        self._add_people()
        self._add_choices()
        self._add_options()

    # Building

    def _mapping_of(self, name: str) -> SheetMapping:
        return self.now.sheet(name) or SheetMapping(name, use=False)

    def _add_sheet(self, number: int, sheet: dict[str, Any]) -> None:
        held = self._mapping_of(sheet["name"])
        self.fields[f"use_{number}"] = forms.BooleanField(
            label=f"Read the tab “{sheet['name']}”", required=False, initial=held.use
        )
        header = f"{held.first_header}" + (f"-{held.last_header}" if held.last_header > held.first_header else "")
        self.fields[f"header_{number}"] = forms.CharField(
            label=f"Row of the headings in “{sheet['name']}”",
            initial=header,
            required=False,
            max_length=15,
            widget=forms.TextInput(attrs={"class": "input input-sm w-s", "inputmode": "numeric"}),
        )
        for column in sheet["columns"]:
            self.fields[f"col_{number}_{column['index']}"] = forms.ChoiceField(
                label=f"Column {column['letter']}, {column['name']}",
                choices=self._field_choices(),
                required=False,
                initial=held.columns.get(column["index"], SKIP),
                widget=forms.Select(attrs={"class": "input input-sm"}),
            )

    def _field_choices(self) -> list[Any]:
        groups: dict[str, list[tuple[str, str]]] = {}
        for item in self.kind.fields:
            groups.setdefault(item.group or self.kind.label, []).append((item.key, item.label))
        return [(NOTE, "Keep in the notes"), (SKIP, "Leave out"), *groups.items()]

    def _scales(self) -> list[tuple[str, dict[str, Any]]]:
        """The scales in the order of the fields; the database keeps no order of its own."""
        held = self.batch.shape.get("scales", {})
        return [(item.key, held[item.key]) for item in self.kind.fields if item.key in held]

    def _add_scales(self) -> None:
        for key, scale in self._scales():
            label = self.kind.field(key).label
            self.fields[f"top_{key}"] = forms.ChoiceField(
                label=f"Scale of {label.lower()}",
                choices=list(SCALES.items()),
                initial=str(scale["top"] if scale["top"] != 1 else 100),
                required=False,
                widget=forms.Select(attrs={"class": "input input-sm w-m"}),
            )
            self.fields[f"worst_{key}"] = forms.ChoiceField(
                label=f"Worst end of {label.lower()}",
                choices=list(ENDS.items()),
                initial=LOW if scale.get("turned") else HIGH,
                required=False,
                widget=forms.Select(attrs={"class": "input input-sm w-m"}),
            )
            for number, (_, text, level) in enumerate(scale["texts"]):
                self.fields[f"level_{key}_{number}"] = forms.ChoiceField(
                    label=f"{label}: “{text}” means",
                    choices=LEVELS,
                    required=False,
                    initial="" if level is None else str(level),
                    widget=forms.Select(attrs={"class": "input input-sm w-s"}),
                )

    def _add_people(self) -> None:
        """Names in the file nobody was found for, each with everybody of the directory to choose from."""
        self.names = self.batch.shape.get("people", [])
        if not self.names:
            return
        directory = [(entry.key, entry.text) for entry in self.kind.people(self.batch.client)]
        self.known_people = dict(directory)
        for number, name in enumerate(self.names):
            likely = [pair for pair in directory if pair[0] in name["candidates"]]
            groups: list[Any] = [("", "Nobody yet")]
            groups += [("May be meant", likely), ("Everybody", directory)] if likely else directory
            self.fields[f"person_{number}"] = forms.ChoiceField(
                label=f"“{name['text']}” is",
                choices=groups,
                required=False,
                initial=self.now.people.get(name["form"], ""),
                widget=forms.Select(attrs={"class": "input input-sm"}),
            )

    def _add_choices(self) -> None:
        """What a person is asked about single rows, the open questions first."""
        rows = self.batch.rows.with_choices().in_order()[:MOST_CHOICES]
        self.asked = [(row, choice) for row in rows for choice in row.choices]
        self.asked.sort(key=lambda pair: bool(pair[1]["answer"]))
        for number, (row, choice) in enumerate(self.asked):
            self.fields[f"choice_{number}"] = forms.ChoiceField(
                label=f"Row {row.number}: {choice['question']}",
                choices=[("", "Decide later"), *(tuple(option) for option in choice["options"])],
                required=False,
                initial=choice["answer"],
                widget=forms.Select(attrs={"class": "input input-sm"}),
            )

    def _add_options(self) -> None:
        small = {"data-width": "l"}
        tabs = [sheet["name"] for sheet in self.sheets if self._mapping_of(sheet["name"]).use]
        if len(tabs) > 1:
            self.fields["prefer"] = forms.ChoiceField(
                label="Where tabs disagree",
                choices=[("", "Ask for each row"), *((name, f"“{name}” counts") for name in tabs)],
                initial=self.now.prefer,
                required=False,
                widget=forms.Select(attrs=small),
            )
        self.fields["date_order"] = forms.ChoiceField(
            label="Dates like 03/04/2026",
            choices=[("dmy", "Day first: 3 April"), ("mdy", "Month first: March 4")],
            initial=self.now.date_order or "dmy",
            widget=forms.Select(attrs=small),
        )
        self.fields["struck"] = forms.ChoiceField(
            label="Struck-through rows",
            choices=list(STRUCK.items()),
            initial=self.now.struck,
            required=False,
            widget=forms.Select(attrs=small),
        )
        self.fields["hidden"] = forms.BooleanField(
            label="Read hidden rows and columns too", required=False, initial=self.now.hidden
        )
        if self.batch.shape.get("form") == "csv":
            known = {self.now.encoding: self.now.encoding, **ENCODINGS} if self.now.encoding else ENCODINGS
            self.fields["encoding"] = forms.ChoiceField(
                label="Letters written as",
                choices=list(known.items()),
                initial=self.now.encoding or "utf-8",
                widget=forms.Select(attrs=small),
            )
            self.fields["delimiter"] = forms.ChoiceField(
                label="Cells parted by",
                choices=[(mark if mark != "\t" else "tab", name) for mark, name in DELIMITERS.items()],
                initial=self.now.delimiter if self.now.delimiter != "\t" else "tab",
                widget=forms.Select(attrs=small),
            )

    # Reading the answer

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for number, sheet in enumerate(self.sheets):
            text = data.get(f"header_{number}") or ""
            if data.get(f"use_{number}") and text and not _HEADER.match(text):
                self.add_error(
                    f"header_{number}",
                    ValidationError(
                        f"“{text}” is no row. Write a number such as 3, or 3-4 for headings over two rows."
                    ),
                )
            if data.get(f"use_{number}"):
                self._refuse_doubles(number, sheet, data)
        if not any(data.get(f"use_{number}") for number in range(len(self.sheets))):
            self.add_error(None, ValidationError("Choose at least one tab to read."))
        return data

    def _refuse_doubles(self, number: int, sheet: dict[str, Any], data: dict[str, Any]) -> None:
        seen: dict[str, str] = {}
        for column in sheet["columns"]:
            key = data.get(f"col_{number}_{column['index']}") or ""
            item = self.kind.by_key.get(key)
            if item is None or item.multiple:
                continue
            if key in seen:
                self.add_error(
                    f"col_{number}_{column['index']}",
                    ValidationError(
                        f"{item.label} is chosen for column {seen[key]} already. "
                        "Keep one and put the other in the notes."
                    ),
                )
            seen[key] = column["letter"]

    def mapping(self) -> Mapping:
        """The mapping as it was answered; a tab whose heading row moved gets its columns guessed anew."""
        data = self.cleaned_data
        changed = Mapping.from_json(self.now.to_json())
        for number, sheet in enumerate(self.sheets):
            held = changed.sheet(sheet["name"])
            if held is None:
                continue
            held.use = bool(data[f"use_{number}"])
            match = _HEADER.match(data.get(f"header_{number}") or "")
            if match:
                first, last = int(match[1]), int(match[2] or match[1])
                if (first, max(first, last)) != (held.first_header, held.last_header):
                    held.first_header, held.last_header, held.columns = first, max(first, last), {}
                    continue
            for column in sheet["columns"]:
                held.columns[column["index"]] = data.get(f"col_{number}_{column['index']}", "")
        changed.date_order, changed.struck, changed.hidden = data["date_order"], data["struck"], data["hidden"]
        changed.encoding = data.get("encoding", changed.encoding)
        if "delimiter" in data:
            changed.delimiter = "\t" if data["delimiter"] == "tab" else data["delimiter"]
        changed.prefer = data.get("prefer", changed.prefer)
        self._take_scales(changed)
        self._take_answers(changed)
        return changed

    def _take_answers(self, changed: Mapping) -> None:
        for number, name in enumerate(self.names):
            said = self.cleaned_data.get(f"person_{number}", "")
            if said in self.known_people:
                changed.people[name["form"]] = said
            else:
                changed.people.pop(name["form"], None)
        for number, (row, choice) in enumerate(self.asked):
            place = f"{row.sheet}|{row.number}|{choice['key']}"
            if said := self.cleaned_data.get(f"choice_{number}", ""):
                changed.choices[place] = said
            else:
                changed.choices.pop(place, None)

    def _take_scales(self, changed: Mapping) -> None:
        for key, scale in self._scales():
            shown_top = scale["top"] if scale["top"] != 1 else 100
            top = int(self.cleaned_data.get(f"top_{key}") or shown_top)
            if top != shown_top:
                changed.tops[key] = top
            shown_worst = LOW if scale.get("turned") else HIGH
            worst = self.cleaned_data.get(f"worst_{key}") or shown_worst
            if worst != shown_worst:
                changed.worst[key] = worst
            if (top, worst) != (shown_top, shown_worst):
                changed.scales.pop(key, None)
                continue
            for number, (form, _, level) in enumerate(scale["texts"]):
                said = self.cleaned_data.get(f"level_{key}_{number}", "")
                meant = int(said) if said else None
                if meant != level:
                    changed.scales.setdefault(key, {})[form] = meant

    # Showing

    def sheet_blocks(self) -> list[dict[str, Any]]:
        """Each tab with its bound fields, for the template."""
        return [
            {
                **sheet,
                "use": self[f"use_{number}"],
                "header": self[f"header_{number}"],
                "lines": [(column, self[f"col_{number}_{column['index']}"]) for column in sheet["columns"]],
            }
            for number, sheet in enumerate(self.sheets)
        ]

    def scale_blocks(self) -> list[dict[str, Any]]:
        return [
            {
                "label": self.kind.field(key).label,
                "top": self[f"top_{key}"],
                "worst": self[f"worst_{key}"],
                "levels": [(text, self[f"level_{key}_{number}"]) for number, (_, text, _) in enumerate(scale["texts"])],
            }
            for key, scale in self._scales()
        ]

    def people_rows(self) -> list[tuple[str, bool, forms.BoundField]]:
        """Each name with whether several people may be meant, and its field."""
        return [(name["text"], bool(name["candidates"]), self[f"person_{n}"]) for n, name in enumerate(self.names)]

    def choice_rows(self) -> list[tuple[Any, dict[str, Any], forms.BoundField]]:
        return [(row, choice, self[f"choice_{n}"]) for n, (row, choice) in enumerate(self.asked)]

    def option_fields(self) -> list[forms.BoundField]:
        names = ("date_order", "prefer", "struck", "encoding", "delimiter", "hidden")
        return [self[name] for name in names if name in self.fields]
