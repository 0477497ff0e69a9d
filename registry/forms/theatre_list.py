"""Sending a list of the operating theatre."""

from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from registry.exchange.spreadsheet_reader import (
    MOST_BYTES,
    RawSheet,
    UnreadableFileError,
    read_file,
)
from registry.exchange.theatre_table import (
    ListColumns,
    TheatreTable,
    guess,
    has_unclear_days,
    only_sheet,
    read_table,
    with_order,
)
from registry.models import Centre

from .case_import import ORDERS
from .fields import day, text

NONE = ("", _("— none —"))
COLUMNS = {
    "day": _("Column of the day of operation"),
    "number": _("Column of the hospital number"),
    "centre": _("Column of the centre, where there is one"),
    "procedure": _("Column of the procedure, for the words"),
}


class TheatreListForm(forms.Form):
    """File, centre and the days it covers; columns are only asked for where names do not tell.

    Nothing of the file is kept between two sendings, so that it has to be chosen again.
    """

    centre = forms.ModelChoiceField(queryset=None, label=_("Centre"), empty_label=None)
    file = forms.FileField(
        label=_("List of the operating theatre: .xlsx or .csv"),
        help_text=_("One row an operation, with its day and the hospital number."),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv,.txt"}),
    )
    covers_from = day(
        _("Holds every operation from"),
        required=False,
        help_text=_("Empty: the first day in the file."),
    )
    covers_to = day(_("to"), required=False, help_text=_("Empty: the last day in the file."))
    words = text(
        _("Only procedures that hold one of these words"),
        max_length=200,
        help_text=_("Commas between them, such as: pump, baclofen. Empty: every row."),
    )

    def __init__(self, *args: Any, centres: QuerySet[Centre], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["centre"].queryset = centres
        self.today = today
        self.content = b""
        self.table: TheatreTable | None = None
        self.columns = ListColumns()

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        file, centre = given.get("file"), given.get("centre")
        if file is None or centre is None:
            return given
        self.content = file.read(MOST_BYTES + 1)
        try:
            sheet = only_sheet(read_file(self.content, name=str(file.name)))
        except UnreadableFileError as error:
            self.add_error("file", str(error))
            return given
        self.columns = self._columns(sheet)
        words = self.kept_words()
        if self._asks_for_columns(sheet, needs_procedure=bool(words)):
            return given
        self.table = read_table(sheet, self.columns, here=(centre.code, centre.name), words=words)
        self._check_days(given)
        return given

    def kept_words(self) -> list[str]:
        said = str(self.cleaned_data.get("words") or "")
        return [word for part in said.split(",") if (word := part.strip())]

    def _columns(self, sheet: RawSheet) -> ListColumns:
        """As they were chosen; else as their names say."""
        known = guess(sheet)
        chosen = {}
        for name in COLUMNS:
            said = str(self.data.get(f"column_{name}", ""))
            chosen[name] = said if said in sheet.header else getattr(known, name)
        order = str(self.data.get("order", ""))
        if order not in dict(ORDERS):
            order = "unclear"
        return with_order(sheet, ListColumns(**chosen, order=order))  # type: ignore[arg-type]

    def _asks_for_columns(self, sheet: RawSheet, *, needs_procedure: bool) -> bool:
        unclear = has_unclear_days(sheet, self.columns)
        missing = needs_procedure and not self.columns.procedure
        if self.columns.is_known and not unclear and not missing:
            return False
        choices = [NONE, *((name, name) for name in sheet.header)]
        for name, label in COLUMNS.items():
            self.fields[f"column_{name}"] = forms.ChoiceField(
                choices=choices, label=label, required=False,
                initial=getattr(self.columns, name),
            )  # fmt: skip
        self.fields["order"] = forms.ChoiceField(
            choices=ORDERS, label=_("How the days are written"), required=False
        )
        self.data = self.data.copy()
        for name in COLUMNS:
            self.data[f"column_{name}"] = getattr(self.columns, name)
        self.add_error(
            "file",
            gettext("Say below which columns to read, then choose the file again.")
            if not unclear
            else gettext("Say below whether day or month comes first, then choose the file again."),
        )
        return True

    def _check_days(self, given: dict[str, Any]) -> None:
        assert self.table is not None
        days = self.table.days
        if not self.table.lines or not days:
            self.add_error("file", gettext("No row with a day of operation was found."))
            return
        given["covers_from"] = given.get("covers_from") or days[0]
        given["covers_to"] = given.get("covers_to") or min(days[-1], self.today)
        if given["covers_from"] > given["covers_to"]:
            self.add_error("covers_to", gettext("These days end before they begin."))
        elif given["covers_to"] > self.today:
            self.add_error(
                "covers_to",
                gettext("This day lies in the future. Today is %(today)s.")
                % {"today": self.today.isoformat()},
            )
