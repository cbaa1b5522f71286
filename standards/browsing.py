"""Finding requirements in a release: what the query string asks for, what passes, and how it stands on the page."""

import unicodedata
from collections import Counter
from dataclasses import dataclass, replace
from functools import cached_property
from urllib.parse import urlencode

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from standards.reading import Text, variant_codes
from standards.text import clean_text

CHANNELS = {"human": gettext_lazy("Human-assisted"), "automated": gettext_lazy("Automated")}
LONGEST_SEARCH = 100  # characters
# So many requirements bring all their texts along, half a kilobyte each as sent. With those of a whole release the page
# weighed 240 kB; where there are more, texts are fetched when somebody opens them.
WHOLE = 60
LONGEST_QUOTATION = 40  # characters of what made no sense


@dataclass(frozen=True)
class Asked:
    """What a reader asks to see; an empty value lets everything through. `ignored`: a sentence for what made no sense."""

    variant: str = ""
    channel: str = ""
    quick: bool = False
    item: str = ""
    words: str = ""
    ignored: tuple = ()

    @property
    def narrows(self):
        return bool(self.query or self.words)

    @property
    def query(self):
        """As it stands in an address, without the search."""
        chosen = {
            "variant": self.variant,
            "channel": self.channel,
            "quick": "1" if self.quick else "",
            "item": self.item,
        }
        return urlencode({name: value for name, value in chosen.items() if value})

    def for_paper(self, variants):
        """A question list is for one variant, the first one unless another is asked for, and knows no search."""
        first = variants[0].code if variants else ""
        return replace(self, variant=self.variant or first, words="")


def read(query, variants, requirements=()):
    """`Asked` from a query string. What names nothing is ignored with a sentence; items are those of `requirements`."""
    variant, channel, quick, item, words = (
        clean_text(query.get(name, "")) for name in ("variant", "channel", "quick", "item", "q")
    )
    items = {requirement.item.code for requirement in requirements}
    codes = [each.code for each in variants]
    known = ", ".join(dict.fromkeys(codes))
    nonsense = {
        _("There is no variant “%(name)s” here, so all are shown. There are: %(known)s."): (
            variant if variant not in ("", *codes) else ""
        ),
        _("“%(name)s” is no kind of channel, so all are shown."): (
            channel if channel not in ("", *CHANNELS) else ""
        ),
        _("“%(name)s” says nothing about the quick scan, so it was left out."): (
            quick if quick not in ("", "1") else ""
        ),
        _("There is no item “%(name)s” here, so all are shown."): item if item not in ("", *items) else "",
        _("Only the first %(longest)d characters were searched for."): words[LONGEST_SEARCH:],
    }
    return Asked(
        variant=variant if variant in codes else "",
        channel=channel if channel in CHANNELS else "",
        quick=quick == "1",
        item=item if item in items else "",
        words=words[:LONGEST_SEARCH].strip(),
        ignored=tuple(
            sentence % {"name": _shortened(value), "known": known, "longest": LONGEST_SEARCH}
            for sentence, value in nonsense.items()
            if value
        ),
    )


def _shortened(text):
    return text if len(text) <= LONGEST_QUOTATION else text[:LONGEST_QUOTATION] + "…"


@dataclass(frozen=True)
class Found:
    """The requirements that pass, as `Text`s in the standard's order.

    `whole` are the keys of those whose texts come with the page, `opened` of those among them that are open from the start.
    """

    texts: list
    whole: frozenset = frozenset()
    opened: frozenset = frozenset()

    @property
    def number(self):
        return len(self.texts)

    @cached_property
    def domains(self):
        """[(domain, its number of requirements, [(item, its texts)])]"""
        domains = {}
        for text in self.texts:
            item = text.requirement.item
            domains.setdefault(item.domain, {}).setdefault(item, []).append(text)
        return [
            (domain, sum(map(len, items.values())), list(items.items())) for domain, items in domains.items()
        ]

    @property
    def items(self):
        return sum(len(items) for _domain, _number, items in self.domains)


def find(requirements, asked, *, own=False):
    """What passes every filter and holds every word searched for, in the words its reader may see."""
    words = fold(asked.words).split()
    texts = (Text(requirement, own) for requirement in requirements if passes(requirement, asked))
    found = [text for text in texts if not words or holds(searched(text), words)]
    keys = [text.requirement.key for text in found]
    opened = [text.requirement.key for text in found if asked.item or not holds(seen(text), words)]
    whole = frozenset(keys if asked.item or len(keys) <= WHOLE else opened[:WHOLE])
    return Found(found, whole, whole.intersection(opened))


def holds(text, words):
    return all(word in text for word in words)


def passes(requirement, asked):
    return (
        (not asked.variant or asked.variant in variant_codes(requirement))
        and (not asked.channel or getattr(requirement, asked.channel))
        and (not asked.quick or requirement.quick)
        and asked.item in ("", requirement.item.code)
    )


def searched(text):
    """Everything a search looks at, in one piece: code, topic and every sentence of the requirement."""
    requirement = text.requirement
    return fold("\n".join((requirement.code, requirement.item.title, *text.words.values())))


def seen(text):
    """What of it a reader sees before anything is opened."""
    requirement, words = text.requirement, text.words
    return fold(f"{requirement.code} {requirement.item.title} {words['statement']} {words['scope']}")


def fold(text):
    """As a search compares it: without regard to capitals, accents or the shape of an apostrophe."""
    text = text.replace("\u2019", "'")  # the apostrophe of print
    if not text.isascii():  # nearly all is, and taking accents off costs a hundred times as much as looking
        text = "".join(
            letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter)
        )
    return text.casefold()


def with_counts(variants, requirements):
    """[(variant, how many of the requirements are asked of it)]"""
    numbers = Counter(code for requirement in requirements for code in variant_codes(requirement))
    return [(variant, numbers[variant.code]) for variant in variants]


def older_than(release, family):
    """The release of the same standard that came just before, or None."""
    earlier = (
        each
        for each in family
        if each.standard_id == release.standard_id and each.position > release.position
    )
    return next(earlier, None)


def variants_of(newer, older):
    """Every variant that either of two releases knows, in the words of the newer one where both do."""
    prefetch_related_objects([newer, older], "variants")
    return list({each.code: each for row in (older, newer) for each in row.variants.all()}.values())


def variant_links(asked, variants, *, all_too=False):
    """[(name, query string, is it the one shown)] to go from one variant to another and keep the other filters."""
    choices = [("", _("All variants"))] if all_too else []
    choices += [(variant.code, str(variant)) for variant in variants]
    return [(name, replace(asked, variant=code).query, code == asked.variant) for code, name in choices]


def in_words(delta, *, own=False):
    """A `Delta` as its page shows it: what is new and what is dropped by domain, what changed side by side."""
    return {
        "governance": Found([Text(each, own) for each in delta.ai_governance]),
        "new": Found([Text(each, own) for each in delta.otherwise_new]),
        "changed": [(Text(pair.old, own), Text(pair.new, own)) for pair in delta.changed],
        "dropped": Found([Text(each, own) for each in delta.dropped]),
        "same": len(delta.same),
        "new_number": len(delta.new),
    }


def unknown_to(asked, newer, older):
    """A sentence where one of two releases does not know the variant asked for, or any on the page; otherwise nothing."""
    sentences = {
        (newer, older): (
            _("%(release)s has no variant %(variant)s, so all it was asked before counts as dropped."),
            _(
                "%(release)s has no variant %(variant)s, so what %(variant)s alone was asked counts as dropped."
            ),
        ),
        (older, newer): (
            _("%(release)s has no variant %(variant)s, so everything asked of it counts as new."),
            _("%(release)s has no variant %(variant)s, so what is asked of %(variant)s alone counts as new."),
        ),
    }
    for (release, other), (of_one, of_all) in sentences.items():
        known = {variant.code for variant in release.variants.all()}
        lacking = [variant.code for variant in other.variants.all() if variant.code not in known]
        if asked.variant in lacking:
            return of_one % {"release": release, "variant": asked.variant}
        if lacking and not asked.variant:
            return of_all % {"release": release, "variant": ", ".join(lacking)}
    return ""
