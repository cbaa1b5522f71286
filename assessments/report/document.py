"""An assessment as one value: what results page, PDF, CSV and command line show.

`build` reads the database once; everything after it is plain data. The same answers on the same day give an equal value,
and `plain.as_json` of it is what leaves the building with the PDF.
"""

from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby

from assessments.models import Action, Assessment, Channel, Evidence, FitCheck, Metric, Site, checks
from assessments.models.metrics import shares_of
from assessments.report import blockers, fit, history, measures, register, roadmap, sentences, verdicts
from assessments.report.contradictions import doubts_of
from assessments.report.measures import KindPart, MetricPart
from assessments.report.parts import (
    ActionPart,
    AnswerPart,
    DomainPart,
    DoubtPart,
    GapPart,
    HeldPart,
    ItemPart,
    Method,
    MilestonePart,
    SincePart,
    SitePart,
)
from assessments.report.roadmap import Roadmap
from assessments.rules import fit as fit_rules
from assessments.rules import scoring
from assessments.rules.roadmap import Readings
from assessments.rules.scoring import Figure
from assessments.rules.verdict import AUDIT, Verdict
from standards.models import Requirement

SCHEMA = 1  # of `plain.as_json`; counts up when a field changes its meaning


@dataclass(frozen=True, slots=True)
class Document:
    schema: int
    assessment_id: int
    organisation: str
    site: str
    country: str
    seats: int
    vendor: str
    standard: str
    release: str
    notice: str
    variant_code: str
    variant: str
    quick: bool
    bands: tuple[str, ...]
    channels: tuple[str, ...]
    human: bool
    automated: bool
    started_on: date
    audit_month: date | None
    as_of: date
    prepared_by: str
    standing: str
    figure: Figure
    fundamentals: Figure
    results: int
    reached: int
    sustained: int
    verdict: Verdict
    headline: str
    lead: str
    domains: tuple[DomainPart, ...]
    gaps: tuple[GapPart, ...]
    actions: tuple[ActionPart, ...]  # the next due first
    metrics: tuple[MetricPart, ...]
    kinds: tuple[KindPart, ...]
    sustained_rule: str
    metrics_forecast: str
    roadmap: Roadmap
    doubts: tuple[DoubtPart, ...]
    sites: tuple[SitePart, ...]  # by name; this one among them, nothing where it is the only one
    fit: fit.Page | None
    method: Method
    trend: tuple[MilestonePart, ...] = ()  # the milestones taken up to `as_of`, the oldest first
    since: SincePart | None = None  # the last of them

    @property
    def items(self):
        return [item for domain in self.domains for item in domain.items]

    @property
    def answers(self):
        return [answer for item in self.items for answer in item.answers]

    @property
    def leads_to_audit(self):
        """Is an audit what its stages lead to? A self-check knows no stage."""
        return self.verdict.stage is not None

    @property
    def blocker_name(self):
        return blockers.name(self.leads_to_audit)

    @property
    def blocker_in_line(self):
        return blockers.in_line(self.leads_to_audit)

    @property
    def has_results_domain(self):
        """Is any domain measured against the target of results?"""
        return any(domain.results for domain in self.domains)

    @property
    def blockers(self):
        """In the order of their priority."""
        return [part for part in self.gaps if part.gap.blocker]

    def actions_for(self, key):
        """The steps that close the gap of the requirement `key`, dropped ones left out."""
        return [part for part in self.actions if key in part.keys and part.status != Action.Status.DROPPED]

    @property
    def carried(self):
        """Answers that come from the assessment before and that nobody has confirmed since."""
        return [answer for answer in self.answers if answer.carried]

    @property
    def unknowns(self):
        return [answer for answer in self.answers if answer.choice == scoring.UNKNOWN]


def build(assessment, as_of, prepared_by="", *, with_sites=False):
    """The document of `assessment` (fetched `with_names`) as it stands on the date `as_of`; only `with_sites` beside the
    other sites of the organisation, which not everybody who may read it may see."""
    found = _without_milestones(assessment, as_of, prepared_by, with_sites)
    return replace(found, **history.parts(assessment, found))


def _without_milestones(assessment, as_of, prepared_by, with_sites):
    answers = assessment.sheet()
    choices = {answer.requirement_id: answer.choice for answer in answers}
    judged = Metric.objects.in_use().judged(assessment.site, as_of)
    scores = assessment.scores(choices).with_metrics(shares_of(answers, judged))
    verdict = assessment.verdict(scores)
    held = Evidence.objects.in_force().filter(answer__assessment=assessment).by_answer()
    scope = checks.scope_of(assessment, as_of)
    parts = {
        answer.requirement_id: _answer_part(answer, scores, held.get(answer.pk, ()), scope)
        for answer in answers
    }
    constants = assessment.constants
    domains = tuple(_domain_parts(answers, parts, scores, constants))
    bands = assessment.release.standard.bands.splitlines()
    gaps = tuple(GapPart(gap, parts[gap.key]) for gap in assessment.gaps(choices))
    return Document(
        schema=SCHEMA,
        **_assessed(assessment),
        as_of=as_of,
        prepared_by=prepared_by,
        **judged_fields(scores, verdict, gaps, bands),
        domains=domains,
        gaps=gaps,
        **_plan(assessment, judged, parts, choices, as_of),
        sites=_site_parts(assessment) if with_sites else (),
        fit=_fit(assessment),
        doubts=tuple(map(_doubt_part, doubts_of(assessment, answers, held, as_of))),
        method=_method(constants),
    )


def judged_fields(scores, verdict, gaps, bands):
    """What the document says of its figures: the same for today and for what would be."""
    return {
        "figure": scores.overall,
        "fundamentals": scores.fundamentals,
        "results": scores.results,
        "reached": scores.reached,
        "sustained": scores.sustained,
        "verdict": verdict,
        "headline": verdicts.headline(verdict, scores.overall, bands),
        "lead": verdicts.lead(
            scores, verdict, sum(part.gap.blocker and part.answer.fundamental for part in gaps)
        ),
    }


def _assessed(assessment):
    """What the document says of the site, the standard and the scope."""
    site, release = assessment.site, assessment.release
    return {
        "assessment_id": assessment.pk,
        "organisation": site.organisation.name,
        "site": site.name,
        "country": site.country,
        "seats": site.seats,
        "vendor": site.vendor,
        "standard": release.standard.name,
        "release": release.version,
        "notice": release.standard.notice,
        "variant_code": assessment.variant.code,
        "variant": assessment.variant.name,
        "quick": assessment.quick,
        "bands": tuple(release.standard.bands.splitlines()),
        "channels": tuple(str(label) for label in Channel.labels_of(assessment.channels)),
        "human": assessment.human,
        "automated": assessment.automated,
        "started_on": assessment.started_at.date(),
        "audit_month": assessment.audit_month,
        "standing": sentences.standing(
            site.day_of(assessment.continued_at), site.day_of(assessment.set_aside_at)
        ),
    }


def _metrics(assessment, judged, parts):
    """What the document says of the metrics of the site: all of them, or for a self-check those that show what it asks."""
    codes = {part.key: part.code for part in parts.values() if part.kind == Requirement.RESULT}
    if not assessment.release.standard.leads_to_audit:
        judged = [each for each in judged if codes.keys() & set(each.metric.shows)]
    told = measures.parts(judged, codes, assessment.audit_month)
    return {
        "metrics": told,
        "metrics_forecast": measures.forecast(told, assessment.audit_month),
        "kinds": measures.kinds(judged),
        "sustained_rule": register.rule_words(assessment.site) if judged else "",
    }


def _site_parts(assessment):
    """The newest assessment of each site of the organisation against the same standard, with the figures stored for it."""
    sites = Site.objects.filter(organisation=assessment.site.organisation_id)
    newest = Assessment.objects.newest_of(sites, release__standard=assessment.release.standard_id)
    others = newest.exclude(site=assessment.site_id)
    rows = sorted([assessment, *others], key=lambda row: row.site.name)
    if len(rows) < 2:
        return ()
    return tuple(
        SitePart(
            name=row.site.name,
            vendor=row.site.vendor,
            release=row.release.version,
            variant=row.variant.code,
            here=row.pk == assessment.pk,
            **{name: getattr(row, name) for name in ("score", "ceiling", "blockers", "open", "asked")},
        )
        for row in rows
    )


def _fit(assessment):
    """The fit check kept with it, or None; neither where its questions have changed since."""
    check = FitCheck.objects.filter(assessment=assessment).first()
    try:
        return check and fit.page(fit_rules.read(check.answers))
    except ValueError:
        return None


def _plan(assessment, judged, parts, choices, as_of):
    """What the document says of actions and metrics, and of what both lead to over time."""
    actions, metrics = _action_parts(assessment, parts, as_of), _metrics(assessment, judged, parts)
    told = _roadmap(assessment, actions, metrics["metrics"], parts, choices, as_of)
    return {"actions": actions, **metrics, "roadmap": told}


def _roadmap(assessment, actions, metrics, parts, choices, as_of):
    site = assessment.site
    return roadmap.of(
        roadmap.Plan(
            actions=actions,
            metrics=metrics,
            answers={part.key: part for part in parts.values()},
            rule=Readings(site.months_needed, site.months_window),
            as_of=as_of,
            audit_month=assessment.audit_month,
            leads=assessment.release.standard.leads_to_audit,
            reach=_reach(assessment, actions, parts, choices),
        )
    )


def _reach(assessment, actions, parts, choices):
    """(score once every action is done, score the audit takes) in percent; None where no audit is led to."""
    if assessment.furthest_stage != AUDIT:
        return None
    closed = {key for part in actions if part.status != Action.Status.DROPPED for key in part.keys}
    raised = {
        pk: str(part.target)
        for pk, part in parts.items()
        if part.key in closed and part.level is not None and part.level < part.target
    }
    return assessment.scores(choices | raised).overall.percent, assessment.score_needed


def _method(constants):
    """Percentages as whole numbers, factors as floats."""
    kinds = {name: int if name.endswith("target") else float for name in Method.__dataclass_fields__}
    return Method(**{name: kind(getattr(constants, name)) for name, kind in kinds.items()})


def _domain_parts(answers, parts, scores, constants):
    for domain, of_domain in groupby(answers, key=lambda answer: answer.requirement.item.domain):
        items = tuple(
            ItemPart(
                code=item.code,
                title=item.title,
                purpose=item.purpose,
                points=item.points,
                figure=scores.items[item.code],
                answers=tuple(parts[answer.requirement_id] for answer in of_item),
            )
            for item, of_item in groupby(of_domain, key=lambda answer: answer.requirement.item)
        )
        yield DomainPart(
            code=domain.code,
            title=domain.title,
            purpose=domain.purpose,
            results=domain.results,
            target=constants.results_target if domain.results else constants.practice_target,
            figure=scores.domains[domain.code],
            items=items,
        )


def _doubt_part(doubt):
    asked = doubt.answer.requirement
    return DoubtPart(asked.code, asked.short, asked.item.code, doubt.sentence, doubt.address)


def _action_parts(assessment, parts, as_of):
    rows = Action.objects.filter(assessment=assessment).select_related("owner").prefetch_related("answers")
    return tuple(
        _action_part(row, [parts[a.requirement_id] for a in row.answers.all()], as_of) for row in rows
    )


def _action_part(action, closes, as_of):
    closes = sorted(closes, key=lambda part: part.id)
    names = ("title", "effort", "cost", "start", "due", "status", "over_since", "done_when", "note")
    return ActionPart(
        id=action.pk,
        owner=action.who,
        overdue=action.is_overdue(as_of),
        keys=tuple(part.key for part in closes),
        codes=tuple(part.code for part in closes),
        **{name: getattr(action, name) for name in names},
    )


def _held_part(evidence, scope):
    names = ("title", "place", "covers_from", "covers_to")
    of_file = ("name", "kind", "size", "sha256") if evidence.file else ()
    return HeldPart(
        fresh_until=evidence.fresh_until(scope.evidence_months),
        state=evidence.state(scope),
        **{name: getattr(evidence, name) for name in names},
        **{f"file_{name}": getattr(evidence.file, name) for name in of_file},
    )


def _answer_part(answer, scores, held, scope):
    requirement = answer.requirement
    words = requirement.words
    return AnswerPart(
        id=answer.pk,
        key=requirement.key,
        code=requirement.code,
        letter=requirement.letter,
        item_code=requirement.item.code,
        item_title=requirement.item.title,
        statement=words["statement"],
        short=requirement.short,
        scope=words["scope"],
        levels=tuple(requirement.levels),
        why=words["why"],
        first_step=words["first_step"],
        evidence=tuple(words["evidence"].strip().split("\n")),
        prompts=tuple(words["prompts"].strip().split("\n")),
        kind=requirement.kind,
        critical=requirement.critical,
        critical_reason=requirement.critical_reason,
        fundamental=requirement.fundamental,
        fundamental_reason=requirement.fundamental_reason,
        automated_only=not requirement.human,
        weight=requirement.weight_in_force,
        target=requirement.target_in_force,
        effort=requirement.effort,
        choice=answer.choice,
        level=answer.level,
        carried=answer.carried,
        shown=answer.shown,
        overruled_because=answer.overruled_because,
        blocker=requirement.pk in scores.blockers,
        reason=str(answer.get_reason_display()) if answer.reason else "",
        reason_text=answer.reason_text,
        note=answer.note,
        held=tuple(_held_part(evidence, scope) for evidence in held),
        answered_by=str(answer.answered_by or ""),
        answered_at=answer.answered_at,
    )
