"""Texts that have broken reports elsewhere, and where in a document people or editors could have written them."""

from dataclasses import replace
from datetime import date

from assessments.report.parts import ActionPart, HeldPart

NOTE, NAME, WORDING = 20_000, 120, 2_000  # characters that fit into a note, a name, a sentence of a standard

BIDI = "\u202a\u202b\u202d\u202e\u2066\u2067\u2068\u200e\u200f\u061c\u202c\u2069"
SIGNS = "".join(map(chr, [*range(1, 9), 11, 12, *range(14, 32), *range(127, 160)]))

# Set in the fonts that travel with the report: their words are found again in the file.
LATIN = {
    "long prose": "prose of a manager who writes a lot, ",
    "one long run": "x",
    "runs just above the cut": "y" * 601 + " ",
    "a line for every letter": "a\n",
    "empty lines": "\n\r\n\n \n\t\n",
    "an endless address": "https://example.com/" + "path/" * 900,
    "an address of parameters": "https://example.com/?" + "a=1&" * 1200,
    "hyphens": "well-known-and-" * 400,
    "spaces that do not break": "no\u00a0break\u00a0" * 800,
    "soft hyphens": "dis\u00adestab\u00adlish\u00ad" * 400,
    "digits": "3141592653" * 800,
    "accents": "Škofja Loka Žižkov Łódź Ñandú ŞĞİ œuvre ẞ ",
    "accents in two signs": "e\u0301a\u0308o\u0302n\u0303 ",
    "curly quotes": "\u201cso\u201d \u2018it\u2019 \u00abgoes\u00bb \u2014 \u2026 ",
    "script element": "<script>alert(1)</script>",
    "script in an attribute": '"><img src=x onerror=alert(1)>',
    "closing the page": "</p></td></tr></table></body></html><h1>Free</h1>",
    "comment": "<!-- the rest --> --><!--",
    "character data": "]]><![CDATA[<b>bold</b>]]>",
    "processing instruction": '<?xml-stylesheet href="file:///etc/passwd"?>',
    "document type": '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>&e;',
    "entities that multiply": "&lol9;&amp;lt;&#0;&#x110000;&#xD800;",
    "attachment link": "<link rel=attachment href=file:///etc/passwd>",
    "attachment anchor": '<a rel="attachment" href="file:///etc/shadow">x</a>',
    "style link": "<link rel=stylesheet href=http://127.0.0.1:9/x.css>",
    "style element": "<style>*{display:none}@page{size:1mm 1mm}</style>",
    "style import": "<style>@import url(file:///etc/passwd);</style>",
    "style in an attribute": '<p style="background:url(file:///etc/hosts)">x</p>',
    "style function": "}} * { content: url('file:///etc/passwd') } @import 'x'; ",
    "own running words": '<p id="foot" style="string-set: site \'forged\'">x</p>',
    "image of a file": "<img src=file:///etc/passwd alt=x>",
    "image of the network": "<img src=http://169.254.169.254/latest/meta-data/ alt=x>",
    "image within": "<img src='data:image/svg+xml,<svg onload=alert(1)/>' alt=x>",
    "drawing": '<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>',
    "drawing of elsewhere": '<svg><use xlink:href="file:///etc/passwd#x"/><image xlink:href="http://127.0.0.1:9/"/></svg>',
    "object and frame": "<object data=file:///etc/passwd></object><iframe src=file:///etc/passwd></iframe>",
    "base address": "<base href=file:///etc/><meta http-equiv=refresh content='0;url=http://127.0.0.1:9/'>",
    "template variable": "{{ settings.SECRET_KEY }} {{ 7*7 }} {{ request.user.password }}",
    "template tag": "{% debug %} {% include '/etc/passwd' %} {% load log %}",
    "template comment": "{# gone #} {% comment %} gone {% endcomment %}",
    "format signs": "%(site)s %s %n %d {0} {site.__class__} ${jndi:ldap://127.0.0.1/x}",
    "markdown": "# Heading\n![x](file:///etc/passwd) [x](javascript:alert(1)) | a | b |\n|---|---|",
    "formula": "=cmd|' /C calc'!A0\n+1\n-1\n@SUM(1)",
    "database": "'; DROP TABLE assessments_answer; -- \\' \\\\ %00",
    "document operators": "(x) Tj ET Q endstream endobj << /S /JavaScript /JS (app.alert(1)) >> BT (",
    "path": "../../../../etc/passwd\\..\\..\\windows\\win.ini",
    "percent and backslash": "\\\\ \\n \\x00 %2e%2e%2f &percnt; \\u202e",
}

# Other scripts and signs: set as well as the machine's fonts allow, and whole in the data attached.
OTHER = {
    "Chinese": "漢字，標點。",  # noqa: RUF001 - look-alikes are the point
    "Japanese": "日本語のカタカナ、ｶﾅ。",
    "Korean": "한국어 문장입니다. ",
    "Thai without spaces": "ภาษาไทยไม่มีช่องว่าง",
    "Hindi": "हिन्दी में लिखा हुआ ",
    "Arabic": "مرحبا بالعالم، 123 ",
    "Hebrew": "שלום עולם 123 ",
    "directions turned round": f"abc{BIDI}def\u202egnp.exe ",
    "directions never closed": "\u202e" * 500 + "\u2067" * 500,
    "marks on one letter": "Z" + "\u0301\u0316\u0334\u0489" * 1500,
    "marks on every letter": "".join(f"{letter}\u0300\u0301\u0302\u0303" for letter in "zalgo ") * 20,
    "marks without a letter": "\u0301" * 2000,
    "emoji": "🎧📞👩🏽‍💻🇬🇧 ",
    "emoji joined without end": "👩\u200d" * 1500,
    "signs of no width": "a\u200bb\u200cc\u200dd\u2060e\ufeff" * 500,
    "control signs": f"a{SIGNS}b",
    "zero": "a\x00b",
    "half a sign": "a\ud800b\udfffc",
    "signs that are none": "a\ufffe\uffff\U0001fffe\ufdd0b",
    "private signs": "\ue000\uf8ff\U000f0000",
    "line separators": "a\u2028b\u2029c\u0085d\u000be\u000cf",
    "wide Latin": "Ｆｕｌｌ　ｗｉｄｔｈ＝１＋１",  # noqa: RUF001 - look-alikes are the point
    "mathematics": "𝕋𝕙𝕖 𝒬𝓊𝒾𝒸𝓀 ∑∫√≠",  # noqa: RUF001 - look-alikes are the point
    "ancient": "𒀀𒀁𓀀𓀁",
}

PAYLOADS = LATIN | OTHER


def repeated(text, length):
    """`text` again and again, up to `length` characters; what is longer already is cut."""
    return (text * (1 + length // len(text)))[:length]


def written(document, texts, name=None):
    """`document` with one of `texts` as note, wording, evidence and action at each of its answers in turn, and `name`
    wherever a person, site or organisation is called something."""
    chosen = iter(texts)
    changed = {answer.key: _answer(answer, next(chosen, None)) for answer in document.answers}
    domains = [_domain(domain, changed) for domain in document.domains]
    called = {} if name is None else dict.fromkeys(["organisation", "site", "vendor", "prepared_by"], name)
    return replace(
        document,
        domains=tuple(domains),
        gaps=tuple(replace(part, answer=changed[part.answer.key]) for part in document.gaps),
        actions=tuple(action(number, text) for number, text in enumerate(texts, start=1)),
        **called,
    )


def _domain(domain, changed):
    items = [
        replace(item, answers=tuple(changed[answer.key] for answer in item.answers)) for item in domain.items
    ]
    return replace(domain, items=tuple(items))


def _answer(answer, text):
    if text is None:
        return answer
    held = HeldPart(text[:NAME], text[:NAME], None, None, None, "fresh", text[:NAME], "pdf", 1000, "0" * 64)
    return replace(
        answer, note=text, statement=text[:WORDING], short=text[:NAME], held=(held,), reason_text=text[:NAME]
    )


def action(number, text):
    """A step called `text`, due at the end of 2026."""
    return ActionPart(
        id=number,
        title=text[:NAME],
        owner=text[:80],
        effort="S",
        cost="",
        start=None,
        due=date(2026, 12, 31),
        status="to-do",
        over_since=None,
        overdue=False,
        done_when=text[:WORDING],
        note=text[:WORDING],
        keys=(),
        codes=(),
    )
