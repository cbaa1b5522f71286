"""What `bench` measures our work against: the least the same machine can do, and the way it is usually done."""

from django.db import transaction
from django.forms import ModelForm
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.template import Context, Engine
from django.urls import include, path

from assessments.models import Answer, AnswerRevision
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


urlpatterns = [
    path("floor/save/<int:pk>/", save_the_usual_way, name="floor-save"),
    path("floor/item/<int:pk>/<slug:code>/", plain_loop, name="floor-item"),
    path("", include("copcready.urls")),
]
