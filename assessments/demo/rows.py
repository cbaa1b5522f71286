"""Stores organisations and finished sheets of answers in bulk.

Recording thousands of answers one by one would take minutes, so rows are written as `Answer.record_choice` and
`record_note` would have left them: one revision a save, the answer's version counting them.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import NamedTuple

from assessments.models import (
    Answer,
    AnswerRevision,
    Assessment,
    Evidence,
    EvidenceFile,
    ItemCheck,
    Membership,
    Organisation,
    Site,
    User,
)
from assessments.models.evidence_files import Putting
from assessments.uploads.checked import looked_through


@dataclass(frozen=True, slots=True)
class Sheet:
    """A new assessment, the ids of what it asks, requirement id -> saves, and when it was started."""

    assessment: Assessment
    asked: list
    saves: dict
    started_at: datetime


class Asked(NamedTuple):
    pk: int
    item: str
    key: str


def asked(assessment):
    """What the assessment asks, in the order of the standard."""
    found = assessment.requirements_in_scope().order_by("item__position", "position")
    return [Asked(*row) for row in found.values_list("pk", "item__code", "key")]


def founded(as_of):
    """When demo accounts and organisations were made: some time before the first answer."""
    return datetime.combine(as_of - timedelta(days=300), time(8), tzinfo=UTC)


def add_user(person, as_of, password=None, **fields):
    """The person's account with a confirmed address; the same account if another story made it already."""
    user = User.objects.filter(email=person.email).first()
    if user is None:
        user = User.objects.create_user(person.email, password, name=person.name, **fields)
        User.objects.filter(pk=user.pk).update(joined_at=founded(as_of))
    return user


def add_organisation(name, members, as_of):
    """`members` holds (user, role) pairs."""
    organisation = Organisation.objects.create(name=name)
    Membership.objects.bulk_create(
        Membership(organisation=organisation, user=user, role=role) for user, role in members
    )
    organisation.memberships.update(since=founded(as_of))
    Organisation.objects.filter(pk=organisation.pk).update(created_at=founded(as_of))
    return organisation


def limit(organisation, user, sites):
    """From now on `user` works in those sites of the organisation only."""
    membership = organisation.memberships.get(user=user)
    membership.limited = True
    membership.save()
    membership.sites.set(sites)


def add_sites(organisation, places, as_of):
    """The sites of `places`, in that order."""
    sites = Site.objects.bulk_create(
        Site(
            organisation=organisation,
            name=place.name,
            country=place.country,
            seats=place.seats,
            time_zone=place.time_zone,
            channels=place.channels,
            vendor=place.vendor,
        )
        for place in places
    )
    Site.objects.filter(pk__in=[site.pk for site in sites]).update(created_at=founded(as_of))
    return sites


def store(sheets, users):
    """The assessments of `sheets` with answers, revisions and figures; `users` maps the names in saves to accounts."""
    assessments = Assessment.objects.bulk_create([sheet.assessment for sheet in sheets])
    answers, revisions = [], []
    for sheet in sheets:
        for requirement_id in sheet.asked:
            saves = sheet.saves.get(requirement_id, ())
            answers.append(_answer(sheet.assessment, requirement_id, saves, users))
            revisions += [
                _revision(answers[-1], version, save, users) for version, save in enumerate(saves, start=1)
            ]
        _date(sheet, users)
    Answer.objects.bulk_create(answers)
    AnswerRevision.objects.bulk_create(revisions)
    Assessment.objects.bulk_update(assessments, ["started_at", "saved_at", "saved_by"], batch_size=100)
    for assessment in assessments:
        assessment.rescore()


def beside(assessment, story, users):
    """What stands beside the answers: evidence, whose work an item is, and who stands by it."""
    answers = {
        answer.requirement.key: answer for answer in assessment.answers.select_related("requirement__item")
    }
    Evidence.objects.bulk_create(
        Evidence(
            answer=answers[key],
            title=held.title,
            place=held.place,
            file=_file(held, assessment.site.organisation_id, users) if held.file else None,
            added_by=users[held.by],
            **period(held),
        )
        for key, pieces in story.evidence.items()
        for held in pieces
    )
    items = {answer.requirement.item.code: answer.requirement.item for answer in answers.values()}
    for code, person in story.assigned.items():
        of_item = [answer.pk for answer in answers.values() if answer.requirement.item.code == code]
        assessment.answers.filter(pk__in=of_item).assign_to(users[person])
    for code, person in story.confirmed.items():
        ItemCheck.objects.confirm(assessment, items[code], by=users[person])


def _file(held, organisation, users):
    with Putting(organisation, [looked_through(held.text.encode(), held.file)]) as (stored,):
        return EvidenceFile.objects.keep(organisation, stored, by=users[held.by])


def period(held):
    return dict(zip(("covers_from", "covers_to"), held.months, strict=True))


def _answer(assessment, requirement_id, saves, users):
    answer = Answer(assessment=assessment, requirement_id=requirement_id, version=len(saves))
    for save in saves:
        for name, value in save.values.items():
            setattr(answer, name, value)
        if save.field == Answer.CHOICE:
            answer.answered_by, answer.answered_at = users[save.by], save.at
        else:
            answer.noted_by, answer.noted_at = users[save.by], save.at
    return answer


def _date(sheet, users):
    latest = max((save for saves in sheet.saves.values() for save in saves), key=lambda save: save.at)
    sheet.assessment.started_at = sheet.started_at
    sheet.assessment.saved_at, sheet.assessment.saved_by = latest.at, users[latest.by]


def _revision(answer, version, save, users):
    return AnswerRevision(
        answer=answer, version=version, field=save.field, values=save.values, by=users[save.by], at=save.at
    )
