"""What `bench` measures our work against: the least the same machine can do, and the way it is usually done."""

from django.db import transaction
from django.forms import ModelForm
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.template import Context, Engine, engines
from django.urls import include, path

from assessments.access import fetch
from assessments.forms.answers import LEVEL_WORDS
from assessments.models import Answer, AnswerRevision, Assessment, reviews
from assessments.rules import scoring


class AnswerForm(ModelForm):
    class Meta:
        model = Answer
        fields = ["choice", "reason", "reason_text", "note"]


def save_the_usual_way(request, pk):
    """The same job as `answer-choice` with the usual tools: get, ModelForm, save, create, and rows as objects."""
    answer = get_object_or_404(
        Answer.objects.for_user(request.user).select_related("assessment__release"), pk=pk
    )
    form = AnswerForm(request.POST, instance=answer)
    if not form.is_valid():
        return HttpResponse(form.errors.as_text(), status=422)
    with transaction.atomic():
        answer.version += 1
        form.save()
        AnswerRevision.objects.create(
            answer=answer, version=answer.version, field="choice", values=form.cleaned_data, by=request.user
        )
        assessment = answer.assessment
        rows = assessment.answers.select_related("requirement__item")
        scores = scoring.score(assessment.scored_items(), {row.requirement_id: row.choice for row in rows})
        assessment.score, assessment.ceiling = scores.overall.score, scores.overall.ceiling
        assessment.save()
    return HttpResponse("saved")


LOOP = Engine().from_string(
    "{% for a in answers %}<fieldset><legend>{{ a.requirement.statement }}</legend><p>{{ a.requirement.scope }}</p>"
    "{% for sentence in a.requirement.levels %}<label><input type='radio' name='{{ a.pk }}' value='{{ forloop.counter0 }}'"
    "{% if a.level == forloop.counter0 %} checked{% endif %}> {{ sentence }}</label>{% endfor %}"
    "<textarea name='n{{ a.pk }}'>{{ a.note }}</textarea><p>{{ a.requirement.guidance }}</p></fieldset>{% endfor %}"
)


def plain_loop(request, pk, code):
    """One item's questions by a plain template loop, without the rest of the page."""
    answers = (
        Answer.objects.for_user(request.user).filter(assessment=pk, requirement__item__code=code).in_order()
    )
    return HttpResponse(LOOP.render(Context({"answers": answers})))


# Every control, word and attribute of a row of the grid, as a template writes them.
GRID_LOOP = engines["django"].from_string("""{% load i18n levels moments %}<table class="table grid">
{% for answer, words, last_time, seen in rows %}{% with requirement=answer.requirement pk=answer.pk by=answer.answered_by %}
<tr class="req" id="{{ requirement.code }}" data-answer="{{ pk }}">
  <th scope="row"><span class="grid-code" id="code-{{ pk }}">{{ requirement.code }}</span> <span class="grid-statement" id="statement-{{ pk }}">{{ requirement.words.statement }}</span>{% if requirement.critical %} <strong class="tag tag-warn">{% translate "Critical" %}</strong>{% endif %}<span class="grid-scope">{{ requirement.words.scope }}</span>{% if last_time or answer.flagged or seen %}<span class="grid-marks">{% if last_time %}<span>{% translate "Last time" %} {% level_chip last_time requirement.kind %}</span>{% endif %}{% if answer.flagged %}<a href="{% url "item" answer.assessment_id requirement.item.code %}#{{ requirement.letter }}">{% translate "Flagged" %}<span class="visually-hidden"> {{ requirement.code }}</span></a>{% endif %}{% if seen %}<a href="{% url "item" answer.assessment_id requirement.item.code %}#{{ requirement.letter }}">{% translate "The reviewer sees" %} {% level_chip seen requirement.kind %}<span class="visually-hidden">, {{ requirement.code }}</span></a>{% endif %}</span>{% endif %}</th>
  <td class="grid-target" data-label="{% translate "Target" %}">{% level_chip requirement.target_level|stringformat:"s" requirement.kind %}</td>
  <td class="grid-answer" data-label="{% translate "Answer" %}">
    <select class="form-select" name="choice-{{ pk }}" aria-labelledby="grid-answer code-{{ pk }} statement-{{ pk }}" aria-describedby="state-{{ pk }}"><option value="" disabled{% if answer.choice == "" %} selected{% endif %}>{% translate "Not answered" %}</option>{% for word in words %}<option value="{{ forloop.counter0 }}"{% if answer.level == forloop.counter0 %} selected{% endif %}>{{ forloop.counter0 }} {{ word }}</option>{% endfor %}<option value="unknown"{% if answer.choice == "unknown" %} selected{% endif %}>{% translate "Not known" %}</option><option value="na"{% if answer.choice == "na" %} selected{% endif %}>{% translate "Not applicable" %}</option></select>
    <input type="hidden" id="choice-version-{{ pk }}" name="choice-version-{{ pk }}" value="{{ answer.version }}">
    <div class="why-not">
      <label for="reason-{{ pk }}">{% translate "Why it does not apply" %}</label>
      <select class="form-select" id="reason-{{ pk }}" name="reason-{{ pk }}" aria-label="{% blocktranslate with code=requirement.code %}{{ code }}: why it does not apply{% endblocktranslate %}" aria-describedby="state-{{ pk }}"><option value="">{% translate "Choose a reason" %}</option>{% for value, label in reasons %}<option value="{{ value }}"{% if answer.reason == value %} selected{% endif %}>{{ label }}</option>{% endfor %}</select>
      <label for="reason_text-{{ pk }}">{% translate "In a few words" %}</label>
      <input class="form-control" id="reason_text-{{ pk }}" name="reason_text-{{ pk }}" type="text" value="{{ answer.reason_text }}" aria-label="{% blocktranslate with code=requirement.code %}{{ code }}: why it does not apply, in a few words{% endblocktranslate %}" aria-describedby="state-{{ pk }}">
    </div>
    <div id="conflict-choice-{{ pk }}" hidden></div>
  </td>
  <td class="grid-note" data-label="{% translate "Note" %}">
    <textarea class="form-control" name="note-{{ pk }}" rows="1" aria-labelledby="grid-note code-{{ pk }} statement-{{ pk }}" aria-describedby="state-{{ pk }}">{{ answer.note }}</textarea>
    <input type="hidden" id="note-version-{{ pk }}" name="note-version-{{ pk }}" value="{{ answer.version }}">
    <div id="conflict-note-{{ pk }}" hidden></div>
  </td>
  <td class="grid-state" data-label="{% translate "Saved" %}"><span id="chip-{{ pk }}">{% level_chip answer.choice requirement.kind %}</span><p class="save-state" id="state-{{ pk }}">{% if not answer.saved_at %}{% translate "Not answered yet" %}{% elif by == user %}{% blocktranslate with when=answer.saved_at|moment %}Saved {{ when }}{% endblocktranslate %}{% else %}{% blocktranslate with when=answer.saved_at|moment %}Saved {{ when }} by {{ by }}{% endblocktranslate %}{% endif %}</p></td>
</tr>{% endwith %}{% endfor %}</table>""")


def plain_grid(request, pk, code):
    """The rows of one domain's grid by a plain template loop, without the rest of the page."""
    assessment = fetch(Assessment.objects.with_names(), request.user, pk=pk)
    answers = assessment.sheet(domain=assessment.domain(code))
    before, seen = assessment.last_time(answers), reviews.seen_instead(assessment)
    rows = [
        (
            answer,
            LEVEL_WORDS[answer.requirement.kind],
            before.get(answer.requirement.key),
            seen.get(answer.pk),
        )
        for answer in answers
    ]
    context = {"rows": rows, "reasons": Answer.Reason.choices, "user": request.user}
    return HttpResponse(GRID_LOOP.render(context))


urlpatterns = [
    path("floor/save/<int:pk>/", save_the_usual_way, name="floor-save"),
    path("floor/item/<int:pk>/<slug:code>/", plain_loop, name="floor-item"),
    path("floor/grid/<int:pk>/<slug:code>/", plain_grid, name="floor-grid"),
    path("", include("copcready.urls")),
]
