"""A timetable as iCalendar (RFC 5545).

A calendar is often shared, with family or with a whole school. So a title names the method and the
part that its owner plays, and nothing tells whose lesson it is, where, or what was written.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event

from enquiry.method.labels import words_of
from enquiry.runtime.timetable import UTC_ZONE, Engagement
from enquiry_api.labels import PAGES
from enquiry_api.words import PLAIN, Words

NO_WORDS: Mapping[UUID, Words] = {}
MEDIA = b"text/calendar; charset=utf-8"
PRODUCT = "-//Enquiry//Timetable 1//EN"
REFRESH = timedelta(hours=1)
"""How often a calendar should look again; well within what a link may be read."""


def calendar(
    found: Sequence[Engagement], person: UUID, words: Mapping[UUID, Words] = NO_WORDS
) -> bytes:
    """The calendar of one person: the same bytes for the same slots.

    Args:
        found: what they are booked for.
        person: whose it is.
        words: how to speak about what belongs to each alliance; English where none are given.
    """
    made: Any = Calendar()  # its values are of any kind
    made.add("prodid", PRODUCT)
    made.add("version", "2.0")
    made.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    for engagement in found:
        made.add_component(_event(engagement, person, words.get(engagement.alliance, PLAIN)))
    if found:
        # Whole years around what is told: a zone's rules begin before the first slot needs them.
        first = min(one.slot.start for one in found).year - 1
        last = max(one.slot.end for one in found).year + 2
        made.add_missing_timezones(date(first, 1, 1), date(last, 1, 1))
    return made.to_ical()


def _event(engagement: Engagement, person: UUID, words: Words) -> Any:
    slot = engagement.slot
    made: Any = Event()
    made.add("uid", f"{uuid5(person, slot.key)}@enquiry")
    made.add("dtstamp", slot.changed_at)
    made.add("last-modified", slot.changed_at)
    made.add("sequence", slot.changes)
    made.add("dtstart", _local(slot.start, engagement.zone))
    made.add("dtend", _local(slot.end, engagement.zone))
    made.add("summary", title(engagement, words))
    made.add("class", "PRIVATE")
    made.add("status", "CANCELLED" if slot.cancelled else "CONFIRMED")
    made.add("transp", "TRANSPARENT" if slot.cancelled else "OPAQUE")
    return made


def _local(at: datetime, zone: str) -> datetime:
    """The wall clock of the place; UTC has no rules of its own in a calendar."""
    return at if zone == UTC_ZONE else at.astimezone(ZoneInfo(zone))


def title(engagement: Engagement, words: Words) -> str:
    """What stands in the calendar: the method and one's own part."""
    if engagement.title is None:
        return words.say(PAGES["page.timetable.unseen"])
    method = engagement.method or ""
    said = words.say(engagement.title, method)
    if engagement.role is None:
        return said
    return f"{said}: {words.say(words_of(engagement.role), method)}"
