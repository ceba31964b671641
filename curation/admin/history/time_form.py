"""The form for a day, or a time of it, in UTC."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone


class TimeForm(forms.Form):
    """A day means its end, a time of day the end of that minute or second; the end of today
    is now. `cleaned_data["at"]` is that time."""

    day = forms.DateField(
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "invalid": "That is no day: write the year, the month and the day, as in 2026-05-31.",
            "required": "Give a day, such as 2026-05-31.",
        },
    )
    time = forms.TimeField(
        label="Time (UTC)",
        required=False,
        input_formats=["%H:%M:%S", "%H:%M"],
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M:%S"),
        help_text="Left empty, the end of the day.",
        error_messages={"invalid": "That is no time of day: write it as in 14:30 or 14:30:05."},
    )

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if self.errors or cleaned is None:
            return cleaned
        start = datetime.combine(cleaned["day"], cleaned["time"] or time.min, UTC)
        now = timezone.now()
        if start > now:
            raise forms.ValidationError("That is still to come: ask for a day that has begun.")
        cleaned["at"] = min(now, start + self._length() - timedelta(microseconds=1))
        return cleaned

    def _length(self) -> timedelta:
        """Return how long that is which the person named: a day, a minute or a second."""
        if self.cleaned_data["time"] is None:
            return timedelta(days=1)
        seconds_given = str(self.data.get("time", "")).count(":") == 2
        return timedelta(seconds=1) if seconds_given else timedelta(minutes=1)
