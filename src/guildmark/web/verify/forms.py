"""The form in which anyone may have a credential checked."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

MAX_BYTES = 1_000_000


class VerifyForm(forms.Form):
    """Text pasted, or a file; one of the two, at most a megabyte."""

    text = forms.CharField(
        label=gettext_lazy("The credential as text"),
        help_text=gettext_lazy("Paste everything, from the first { to the last }."),
        required=False,
        strip=True,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false", "autocomplete": "off"}),
    )
    file = forms.FileField(
        label=gettext_lazy("Or a file"),
        help_text=gettext_lazy("A .json file of up to one megabyte."),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".json,.jsonld,application/json"}),
    )

    def clean(self) -> dict[str, Any]:
        """Take the file, else the text, as `document`."""
        values = super().clean() or {}
        upload, text = values.get("file"), values.get("text", "")
        if upload:
            if upload.size > MAX_BYTES:
                self.add_error("file", _("This file is larger than one megabyte."))
                return values
            try:
                values["document"] = upload.read().decode("utf-8-sig")
            except UnicodeDecodeError:
                self.add_error("file", _("This is not a text file. Choose the .json file."))
        elif text:
            if len(text.encode()) > MAX_BYTES:
                self.add_error("text", _("This text is larger than one megabyte."))
            values["document"] = text
        elif not self.errors:
            self.add_error("text", _("Paste a credential or choose a file."))
        return values
