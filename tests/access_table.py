"""Every address of ours: who may see it, who may change it, and a POST that changes something."""

from dataclasses import dataclass, field
from datetime import date, timedelta

EVERYBODY = {"owner", "manager", "contributor", "reviewer", "viewer", "stranger", "staff", "signed out"}
SIGNED_IN = EVERYBODY - {"signed out"}
MEMBERS = {"owner", "manager", "contributor", "reviewer", "viewer"}
ANSWERERS = {"owner", "manager", "contributor"}
MANAGERS = {"owner", "manager"}
REVIEWERS = MANAGERS | {"reviewer"}
NOBODY = frozenset()
HERE, AWAY = (
    "manager of this site",
    "manager of another site",
)  # of Acme's; the sets above speak of all its sites
WHOLE = {"organisation"}  # rows that belong to an organisation and to no site of it


@dataclass(frozen=True)
class Route:
    """`get` and `post` say who may, among people; the methods `by_token` are a tool's, with a token: nobody's sign-in opens them. `of` names the row of Acme's whose pk the address carries. `data` is a POST that a
    member may make and that changes something, so that a refusal is a refusal of the role and of nothing else; `file` is
    the field of it in which a file is sent along, and `sends` which one. What `makes` something keeps it for the next who asks,
    also for somebody who only looks; what changes is `in_session` alone where it says so."""

    get: set = NOBODY
    post: set = NOBODY
    of: str = ""
    kwargs: dict = field(default_factory=dict)
    data: dict = field(default_factory=dict)
    file: str = ""
    sends: str = "workbook"
    shows: int = 200
    by_token: tuple = ()
    makes: bool = False
    in_session: bool = False


SITE = {
    "name": "York",
    "country": "GB",
    "seats": "80",
    "time_zone": "UTC",
    "channels": ["phone"],
    "vendor": "",
}
NEXT_YEAR = f"{date.today().year + 1}-10"
LAST_MONTH = f"{date.today().replace(day=1) - timedelta(days=1):%Y-%m}"
METRIC = {
    "name": "Calls answered",
    "kind": "service",
    "channel": "human",
    "unit": "seconds",
    "decimals": "0",
    "direction": "higher",
    "every": "1",
}
FIT = {
    "operation": "in-house",
    "seats": "500-up",
    "sites": "one",
    "why": "results",
    "badge": "yes",
    "fundamentals": ["none"],
    "owner": "leader",
    "review": "monthly",
    "market": "domestic",
    "horizon": "open",
    "budget": "full",
    "automation": "few",
}
MATRIX = {
    "home": Route(get=SIGNED_IN),
    "help": Route(get=EVERYBODY),
    "account": Route(get=SIGNED_IN, post=SIGNED_IN, data={"name": "Another name"}),
    "second-factor-done": Route(get=SIGNED_IN, shows=302),
    "notices": Route(get=SIGNED_IN, post=SIGNED_IN, data={"digest": "daily"}),
    "calendar": Route(get=SIGNED_IN, post=SIGNED_IN, data={"covers": "mine"}),
    "calendar-feed": Route(get=EVERYBODY, kwargs={"token": "guess"}, shows=404),  # the address is the key
    "shared": Route(get=EVERYBODY, kwargs={"token": "guess"}, shows=404),
    "shared-report": Route(get=EVERYBODY, kwargs={"token": "guess"}, shows=404),
    "shared-document": Route(get=EVERYBODY, kwargs={"token": "guess"}, shows=404),
    "robots": Route(get=EVERYBODY),
    "health": Route(get=EVERYBODY),
    "ready": Route(get=EVERYBODY),
    "fit": Route(get=EVERYBODY),
    "fit-result": Route(get=EVERYBODY, shows=422),  # without answers, what is still to be answered
    "fit-pdf": Route(get=EVERYBODY, shows=422),
    "fit-attach": Route(get=SIGNED_IN, shows=422),
    "assessment-fit": Route(get=MEMBERS, post=MANAGERS, of="assessment", data=FIT),
    "assessment-fit-remove": Route(post=MANAGERS, of="assessment"),
    "favicon": Route(get=EVERYBODY, shows=302),
    "admin-view-on-site": Route(get=SIGNED_IN, kwargs={"row": "1/1"}, shows=404),  # there for nobody
    "security-txt": Route(get=EVERYBODY, shows=404),  # nobody is named in the tests' settings
    "standards": Route(get=EVERYBODY),
    "crosswalk": Route(get=EVERYBODY),
    "release": Route(get=EVERYBODY, kwargs={"standard": "small", "version": "2.0"}),
    "release-print": Route(get=EVERYBODY, kwargs={"standard": "small", "version": "2.0"}),
    "release-changes": Route(get=EVERYBODY, kwargs={"standard": "small", "new": "2.0", "old": "1.0"}),
    "organisation-add": Route(get=SIGNED_IN, post=SIGNED_IN, data={"name": "A third company"}),
    "organisation-switch": Route(post=SIGNED_IN, in_session=True),
    "organisation": Route(get=MEMBERS, of="organisation"),
    "invite": Route(
        get=MANAGERS,
        post=MANAGERS,
        of="organisation",
        data={"email": "new@example.com", "role": "viewer", "where": "every"},
    ),
    "invitation": Route(get=EVERYBODY, kwargs={"token": "guess"}, shows=404),  # the address is the key
    "invitation-again": Route(post=MANAGERS, of="organisation", kwargs={"number": "{invitation}"}),
    "invitation-revoke": Route(post=MANAGERS, of="organisation", kwargs={"number": "{invitation}"}),
    "person": Route(
        get=MANAGERS,
        post=MANAGERS,
        of="organisation",
        kwargs={"number": "{member}"},
        data={"role": "viewer", "where": "every"},
    ),
    "person-remove": Route(get=MANAGERS, post=MANAGERS, of="organisation", kwargs={"number": "{member}"}),
    "person-hand-over": Route(
        get={"owner"}, post={"owner"}, of="organisation", kwargs={"number": "{member}"}, data={"stay": "on"}
    ),
    "organisation-sign-in": Route(get={"owner"}, post={"owner"}, of="organisation", data={"required": "yes"}),
    "organisation-export": Route(get={"owner"}, post={"owner"}, of="organisation"),
    "organisation-delete": Route(get={"owner"}, post={"owner"}, of="organisation", data={"name": "Acme"}),
    "organisation-bin": Route(get=SIGNED_IN, post={"owner"}, data={"organisation": "{binned}"}),
    "activity": Route(get=MANAGERS, of="organisation"),
    "activity-csv": Route(get=MANAGERS, of="organisation", makes=True),
    "site-add": Route(get=MANAGERS, post=MANAGERS, of="organisation", data=SITE),
    "site": Route(get=MEMBERS, of="site"),
    "site-edit": Route(get=MANAGERS, post=MANAGERS, of="site", data=SITE | {"seen": "{seen_site}"}),
    "assessment-add": Route(
        get=MANAGERS,
        post=MANAGERS,
        of="site",
        data={"variant": "{variant}", "channels": ["phone"], "audit_month": NEXT_YEAR},
    ),
    "metrics": Route(get=MEMBERS, of="site"),
    "metrics-add": Route(get=MANAGERS, post=MANAGERS, of="site", data={"metrics": ["abandon-rate"]}),
    "metric-define": Route(get=MANAGERS, post=MANAGERS, of="site", data=METRIC),
    "metric-rules": Route(
        get=MANAGERS,
        post=MANAGERS,
        of="site",
        data={"months_needed": "3", "months_window": "4", "figures_due_day": "5", "seen": "{seen_rules}"},
    ),
    "readings": Route(get=MEMBERS, post=ANSWERERS, of="site", data={"{metric}-" + LAST_MONTH + "-v": "81"}),
    "metric": Route(get=MEMBERS, of="metric"),
    "metric-edit": Route(get=MANAGERS, post=MANAGERS, of="metric", data=METRIC | {"seen": "{seen_metric}"}),
    "metric-targets": Route(
        get=MANAGERS,
        post=MANAGERS,
        of="metric",
        data={"low": "80", "since": LAST_MONTH, "rationale": "Contract"},
    ),
    "metric-archive": Route(post=MANAGERS, of="metric"),
    "metric-restore": Route(post=MANAGERS, of="archived"),
    "reading": Route(
        get=MEMBERS,
        post=ANSWERERS,
        of="metric",
        kwargs={"month": LAST_MONTH},
        data={"value": "81", "note": "", "version": "0"},
    ),
    "api-tokens": Route(
        get=MANAGERS, post=MANAGERS, of="site", data={"name": "Power BI", "scope": "results", "days": "90"}
    ),
    "api-token-revoke": Route(post=MANAGERS, of="site", kwargs={"number": "{token}"}),
    "readings-api": Route(of="site", by_token=("GET", "HEAD", "POST")),
    "metrics-api": Route(of="site", by_token=("GET", "HEAD")),
    "assessments-api": Route(of="site", by_token=("GET", "HEAD")),
    "answers-api": Route(of="assessment", by_token=("GET", "HEAD")),
    "gaps-api": Route(of="assessment", by_token=("GET", "HEAD")),
    "readings-template": Route(get=ANSWERERS, of="site", makes=True),
    "readings-import": Route(get=ANSWERERS, post=ANSWERERS, of="site", file="workbook", sends="figures"),
    "reading-import": Route(get=ANSWERERS, of="site", kwargs={"number": "{figures_dry_run}"}),
    "reading-import-apply": Route(
        post=ANSWERERS,
        of="site",
        kwargs={"number": "{figures_dry_run}"},
        data={"seen": "{timed}-2025-02:0"},
    ),
    "reading-import-undo": Route(post=MANAGERS, of="site", kwargs={"number": "{figures_applied}"}),
    "assessment": Route(get=MEMBERS, of="assessment"),
    "assessment-edit": Route(get=MANAGERS, post=MANAGERS, of="assessment", data={"audit_month": NEXT_YEAR}),
    "assessment-grow": Route(post=MANAGERS, of="quick"),
    "assessment-move": Route(get=MANAGERS, post=MANAGERS, of="assessment", data={"to": "2.0"}),
    "assessment-move-undo": Route(post=MANAGERS, of="moved"),
    "assessment-changes": Route(get=MEMBERS, of="moved"),
    "assessment-continue": Route(get=MEMBERS, of="assessment", shows=302),
    "item": Route(
        get=MEMBERS,
        post=ANSWERERS,
        of="assessment",
        kwargs={"code": "PR1"},
        data={"choice-{answer}": "2", "choice-version-{answer}": "0"},
    ),
    "grid": Route(
        get=MEMBERS,
        post=ANSWERERS,
        of="assessment",
        kwargs={"code": "PR"},
        data={"choice-{answer}": "2", "choice-version-{answer}": "0"},
    ),
    "news": Route(get=MEMBERS, of="assessment", shows=204),
    "review-submit": Route(get=ANSWERERS, post=ANSWERERS, of="assessment", data={"items": ["PR2"]}),
    "reviews": Route(get=SIGNED_IN),
    "review": Route(get=MEMBERS, post=REVIEWERS, of="review", data={"seen": "1"}),
    "review-withdraw": Route(post=ANSWERERS, of="review"),
    "milestones": Route(get=MEMBERS, post=MANAGERS, of="assessment", data={"name": "Before the audit"}),
    "milestones-compare": Route(get=MEMBERS, of="assessment"),
    "milestone": Route(get=MEMBERS, of="milestone"),
    "milestone-report": Route(get=MEMBERS, of="milestone", makes=True),
    "milestone-report-make": Route(post=MANAGERS, of="unprinted"),
    "milestone-document": Route(get=MEMBERS, of="milestone", makes=True),
    "milestone-shares": Route(
        get=MANAGERS, post=MANAGERS, of="milestone", data={"recipient": "Our client", "days": "30"}
    ),
    "shares": Route(get=MANAGERS, of="organisation"),
    "share-revoke": Route(post=MANAGERS, of="share"),
    "results": Route(get=MEMBERS, of="assessment"),
    "gaps": Route(get=MEMBERS, of="assessment"),
    "plan": Route(get=MEMBERS, of="assessment"),
    "plan-add": Route(get=ANSWERERS, post=ANSWERERS, of="assessment", data={"gap": "{gap}"}),
    "plan-change": Route(
        post=MANAGERS,
        of="assessment",
        data={"action": "{action}", "status": "doing", "seen": "{action}:0", "confirm": "1"},
    ),
    "action": Route(
        get=MEMBERS,
        post=ANSWERERS,
        of="action",
        data={
            "title": "List two teams",
            "effort": "S",
            "status": "to-do",
            "answers": "{answered}",
            "version": "0",
        },
    ),
    "action-move": Route(post=ANSWERERS, of="action", data={"status": "doing", "seen": "to-do"}),
    "action-done": Route(get=MEMBERS, of="action"),
    "action-delete": Route(get=MANAGERS, post=MANAGERS, of="action"),
    "roadmap": Route(get=MEMBERS, of="assessment"),
    "what-if": Route(get=MEMBERS, of="assessment"),
    "method": Route(get=MEMBERS, of="assessment"),
    "assessment-crosswalk": Route(get=MEMBERS, of="assessment"),
    "gaps-csv": Route(get=MEMBERS, of="assessment", makes=True),
    "answers-json": Route(get=MEMBERS, of="assessment", makes=True),
    "report": Route(get=MEMBERS, of="assessment", makes=True),
    "report-job": Route(get=MEMBERS, of="assessment", kwargs={"number": "{printed}"}),
    "report-file": Route(get=MEMBERS, of="assessment", kwargs={"number": "{printed}"}, makes=True),
    "report-retry": Route(post=MEMBERS, of="assessment", kwargs={"number": "{failed_job}"}),
    "report-choose": Route(get=MEMBERS, of="assessment"),
    "report-look": Route(
        get=MANAGERS, post=MANAGERS, of="organisation", data={"paper": "letter", "mark": "Board only"}
    ),
    "report-logo": Route(get=MEMBERS, of="organisation"),
    "report-page": Route(get=MEMBERS, of="assessment"),
    "report-docx": Route(get=MEMBERS, of="assessment", makes=True),
    "report-xlsx": Route(get=MEMBERS, of="assessment", makes=True),
    "workbook-file": Route(get=MEMBERS, of="assessment", makes=True),
    "workbook": Route(get=ANSWERERS, post=ANSWERERS, of="assessment", file="workbook"),
    "workbook-import": Route(get=ANSWERERS, of="assessment", kwargs={"number": "{dry_run}"}),
    "workbook-apply": Route(
        post=ANSWERERS, of="assessment", kwargs={"number": "{dry_run}"}, data={"accept": "{answer}:0"}
    ),
    "workbook-undo": Route(post=MANAGERS, of="assessment", kwargs={"number": "{applied}"}),
    "answer-choice": Route(post=ANSWERERS, of="answer", data={"choice": "2", "version": "0"}),
    "answer-flag": Route(post=ANSWERERS, of="answer", data={"flag": "on"}),
    "answer-assign": Route(get=ANSWERERS, post=ANSWERERS, of="answer", data={"person": "{user}"}),
    "evidence": Route(
        get=MEMBERS, post=ANSWERERS, of="answer", data={"title": "Pack", "place": "Quality drive"}
    ),
    "evidence-remove": Route(post=ANSWERERS, of="evidence"),
    "evidence-put-back": Route(post=ANSWERERS, of="removed"),
    "evidence-replace": Route(
        get=ANSWERERS, post=ANSWERERS, of="evidence", data={"title": "Newer pack", "place": "Quality drive"}
    ),
    "evidence-replace-undo": Route(post=ANSWERERS, of="newer"),
    "evidence-file": Route(get=MEMBERS, of="filed", makes=True),  # who carried it away is noted
    "item-check": Route(
        get=MEMBERS,
        post=ANSWERERS,
        of="complete",
        kwargs={"code": "PR1"},
        data={"seen": ".".join(f"{{checked_{n}}}:0" for n in range(4))},
    ),
    "contradictions": Route(get=MEMBERS, of="assessment"),
    "answer-comments": Route(
        get=MEMBERS, post=ANSWERERS | REVIEWERS, of="answer", data={"text": "Which report?"}
    ),
    "answer-history": Route(get=MEMBERS, of="answer"),
    "answer-restore": Route(post=ANSWERERS, of="answered", data={"version": "1"}),
    "answer-overrule": Route(
        get=MEMBERS,
        post=ANSWERERS,
        of="followed",
        data={"choice": "3", "because": "The report counts twice.", "version": "1"},
    ),
    "assignments": Route(
        get=ANSWERERS, post=ANSWERERS, of="assessment", data={"shown-PR1": "", "PR1": "{user}"}
    ),
    "answer-note": Route(post=ANSWERERS, of="answer", data={"note": "Since May", "version": "0"}),
}
