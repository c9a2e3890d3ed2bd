"""Dates in German. An hour of a day is told with its time zone."""

DATETIME_FORMAT = "j. F Y, H:i T"
SHORT_DATETIME_FORMAT = "d.m.Y, H:i T"
