"""Addresses under /standards/. Everything here is open to everybody."""

from django.urls import path

from standards import views

urlpatterns = [
    path("", views.overview, name="standards"),
    path("crosswalk/", views.crosswalk_page, name="crosswalk"),
    path("<slug:standard>/<str:version>/", views.browse, name="release"),
    path("<slug:standard>/<str:version>/print/", views.question_list, name="release-print"),
    path("<slug:standard>/<str:new>/changes/<str:old>/", views.changes, name="release-changes"),
]
