import json
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.audit.canonical import canonical, is_mistyped, read_number

LONGEST_CONTENT = 2_000_000


class ReceiptForm(forms.Form):
    number = forms.CharField(
        label=_("Tracking number"),
        help_text=_("It looks like PL-7K3M-9Q2X-4TBC. A receipt file brings its own."),
        required=False,
        max_length=60,
    )
    content = forms.CharField(
        label=_("Your receipt file"),
        help_text=_("Paste the whole file to check the words as well. It is not kept."),
        required=False,
        max_length=LONGEST_CONTENT,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
    )

    def clean_number(self) -> str:
        typed = self.cleaned_data["number"]
        return self._number(typed) if typed else ""

    def _number(self, typed: str) -> str:
        number = read_number(typed)
        if not number:
            raise forms.ValidationError(_("A tracking number has 12 letters and digits after PL."))
        if is_mistyped(number):
            raise forms.ValidationError(
                _("One character is wrong or two are swapped. Compare it with your receipt.")
            )
        return number

    def clean_content(self) -> Any:
        text = self.cleaned_data["content"].strip()
        if not text:
            return None
        try:
            found = json.loads(text)
            canonical(found)  # JSON can spell what no seal is made over: NaN, half a character
        except (ValueError, RecursionError) as error:
            raise forms.ValidationError(_("This is not a whole receipt file.")) from error
        if not isinstance(found, dict) or not isinstance(found.get("content"), dict):
            raise forms.ValidationError(_("This file holds no content of a submission."))
        if not isinstance(found.get("salt"), str):
            raise forms.ValidationError(_("This is not a whole receipt file."))
        if not self.cleaned_data.get("number") and "number" not in self.errors:
            self.cleaned_data["number"] = self._number(str(found.get("number", "")))
        return found

    def clean(self) -> None:
        if not self.errors and not self.cleaned_data["number"]:
            self.add_error("number", _("Give the tracking number, or paste your receipt file."))
