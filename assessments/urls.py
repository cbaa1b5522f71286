"""Addresses: nouns, then verbs."""

from django.urls import path

from assessments.views import (
    answers,
    assessments,
    assignments,
    comments,
    crosswalks,
    fit,
    grids,
    histories,
    home,
    moves,
    reports,
    results,
    reviews,
    sites,
    task_lists,
)

urlpatterns = [
    path("", home.home, name="home"),
    path("help/", home.help_page, name="help"),
    path("healthz", home.health, name="health"),
    # /fit/
    path("fit/", fit.ask, name="fit"),
    path("fit/result/", fit.result, name="fit-result"),
    path("fit/result.pdf", fit.sheet, name="fit-pdf"),
    path("fit/attach/", fit.choose, name="fit-attach"),
    # /organisations/
    path("organisations/add/", sites.add_organisation, name="organisation-add"),
    path("organisations/<int:pk>/sites/add/", sites.add_site, name="site-add"),
    # /sites/
    path("sites/<int:pk>/", sites.site, name="site"),
    path("sites/<int:pk>/edit/", sites.edit_site, name="site-edit"),
    path("sites/<int:pk>/assessments/add/", assessments.add, name="assessment-add"),
    # /assessments/
    path("assessments/<int:pk>/", task_lists.task_list, name="assessment"),
    path("assessments/<int:pk>/edit/", assessments.edit, name="assessment-edit"),
    path("assessments/<int:pk>/grow/", moves.grow, name="assessment-grow"),
    path("assessments/<int:pk>/move/", moves.move, name="assessment-move"),
    path("assessments/<int:pk>/move/undo/", moves.undo, name="assessment-move-undo"),
    path("assessments/<int:pk>/changes/", moves.changes, name="assessment-changes"),
    path("assessments/<int:pk>/fit/", fit.attached, name="assessment-fit"),
    path("assessments/<int:pk>/fit/remove/", fit.remove, name="assessment-fit-remove"),
    path("assessments/<int:pk>/continue/", task_lists.resume, name="assessment-continue"),
    path("assessments/<int:pk>/items/<str:code>/", answers.item, name="item"),
    path("assessments/<int:pk>/grid/<str:code>/", grids.grid, name="grid"),
    path("assessments/<int:pk>/news/", answers.news, name="news"),
    path("assessments/<int:pk>/assignments/", assignments.assignments, name="assignments"),
    path("assessments/<int:pk>/review/", reviews.submit, name="review-submit"),
    path("assessments/<int:pk>/results/", results.results, name="results"),
    path("assessments/<int:pk>/gaps/", results.gaps, name="gaps"),
    path("assessments/<int:pk>/method/", results.method, name="method"),
    path("assessments/<int:pk>/crosswalk/", crosswalks.themes, name="assessment-crosswalk"),
    path("assessments/<int:pk>/gaps.csv", reports.gaps_csv, name="gaps-csv"),
    path("assessments/<int:pk>/report.pdf", reports.pdf, name="report"),
    # /answers/
    path("answers/<int:pk>/choice/", answers.save_choice, name="answer-choice"),
    path("answers/<int:pk>/note/", answers.save_note, name="answer-note"),
    path("answers/<int:pk>/flag/", answers.flag, name="answer-flag"),
    path("answers/<int:pk>/assign/", assignments.assign, name="answer-assign"),
    path("answers/<int:pk>/comments/", comments.comments, name="answer-comments"),
    path("answers/<int:pk>/history/", histories.history, name="answer-history"),
    path("answers/<int:pk>/restore/", histories.restore, name="answer-restore"),
    # /reviews/
    path("reviews/", reviews.mine, name="reviews"),
    path("reviews/<int:pk>/", reviews.review, name="review"),
    path("reviews/<int:pk>/withdraw/", reviews.withdraw, name="review-withdraw"),
]
