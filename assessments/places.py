"""Countries and time zones, as the time-zone database names them."""

from functools import cache
from importlib.resources import files


def _table(name):
    text = files("tzdata").joinpath("zoneinfo", name).read_text(encoding="utf-8")
    return [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]


@cache
def countries():
    """(code, name) pairs by name."""
    return sorted(((row[0], row[1]) for row in _table("iso3166.tab")), key=lambda pair: pair[1])


@cache
def country_name(code):
    return dict(countries()).get(code, code)


@cache
def time_zones():
    """(zone, zone as people read it) pairs, UTC first."""
    zones = sorted({row[2] for row in _table("zone.tab")})
    return [("UTC", "UTC")] + [(zone, zone.replace("_", " ")) for zone in zones]
