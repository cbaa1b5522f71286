"""Who answered what and when, from a story and a seed. Values in, values out: no database and no clock."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from math import floor
from zoneinfo import ZoneInfo

from assessments.models import Answer
from assessments.rules.scoring import OPEN, TOP_LEVEL

SLIPS = 0.08  # share of answers corrected a minute later, as the revisions of real people show


@dataclass(frozen=True, slots=True)
class Save:
    """One save of one field by the person called `by` in the story."""

    field: str
    values: dict
    by: str
    at: datetime


def choice_saved(choice, by, at, reason="", reason_text=""):
    return Save(Answer.CHOICE, {"choice": choice, "reason": reason, "reason_text": reason_text}, by, at)


def draw_level(level, rng):
    """A choice around the maturity `level`, 0 to 3."""
    about = min(max(level + rng.uniform(-0.6, 0.6), 0), TOP_LEVEL)
    return str(min(floor(about + rng.random()), TOP_LEVEL))


def working_day(as_of, back):
    """The working day so many working days before `as_of`; 1 is the last one before it."""
    day = as_of
    while back:
        day -= timedelta(days=1)
        back -= day.weekday() < 5
    return day


class Clock:
    """When each person does things: one sitting a day, which starts in office hours and moves on as they work."""

    def __init__(self, story, as_of, rng):
        self.story, self.as_of, self.rng = story, as_of, rng
        self.zone = ZoneInfo(story.site.time_zone)
        self.sittings = {}

    def next(self, by, day, seconds=(50, 240)):
        if (by, day) not in self.sittings:
            date = working_day(self.as_of, self.story.working_days - day + 1)
            start = datetime.combine(date, time(9), tzinfo=self.zone)
            self.sittings[by, day] = start + timedelta(minutes=self.rng.randrange(0, 360))
        self.sittings[by, day] += timedelta(seconds=self.rng.randrange(*seconds))
        return self.sittings[by, day]


def saves(story, asked, as_of, rng):
    """Requirement key -> its saves, oldest first; keys nobody touched are left out.

    `asked` holds (item code, requirement key) pairs in the order of the standard.
    """
    clock = Clock(story, as_of, rng)
    keys = {}
    for code, key in asked:
        keys.setdefault(code, []).append(key)
    made = {}
    for code, topic in sorted(story.items.items(), key=lambda pair: pair[1].day):
        for place, key in enumerate(keys.get(code, ())):
            if key in topic.answers:
                made[key] = _said(topic.answers[key], topic, clock)
            elif topic.answered is None or place < topic.answered:
                made[key] = _drawn(topic, clock, rng)
    return made


def with_earlier_round(saves, story, kept, as_of, rng):
    """`saves` after an earlier round of the same answers, in the week before the milestone `kept`: a share of the levels
    stood one lower then."""
    clock = Clock(story, as_of - timedelta(days=kept.days_ago), rng)
    made, week = {}, range(story.working_days - 4, story.working_days + 1)
    for place, (key, found) in enumerate(saves.items()):
        choices = [save for save in found if save.field == Answer.CHOICE]
        if choices:
            day = week[place * len(week) // len(saves)]
            found = [_earlier(choices[-1], kept, clock.next(choices[0].by, day), rng), *found]
        made[key] = found
    return made


def _earlier(save, kept, at, rng):
    values = dict(save.values)
    if values["choice"] in ("1", "2", "3") and rng.random() < kept.behind:
        values["choice"] = str(int(values["choice"]) - 1)
    return Save(save.field, values, save.by, at)


def _said(said, topic, clock):
    by = said.by or topic.by
    found = []
    day = topic.day
    if said.was:
        found.append(choice_saved(said.was, by, clock.next(by, day)))
        day += 1
    if said.choice != OPEN:
        found.append(choice_saved(said.choice, by, clock.next(by, day), said.reason, said.reason_text))
    if said.note:
        found.append(Save(Answer.NOTE, {"note": said.note}, by, clock.next(by, day, seconds=(20, 150))))
    return found


def _drawn(topic, clock, rng):
    level = draw_level(topic.level, rng)
    found = [choice_saved(level, topic.by, clock.next(topic.by, topic.day))]
    if rng.random() < SLIPS:
        slip = str((int(level) + 1) % (TOP_LEVEL + 1))
        corrected = clock.next(topic.by, topic.day, seconds=(15, 60))
        found = [choice_saved(slip, topic.by, found[0].at), choice_saved(level, topic.by, corrected)]
    return found
