"""The application, as Django starts it."""

from importlib import import_module

from django.apps import AppConfig


class AssessmentsConfig(AppConfig):
    name = "assessments"
    verbose_name = "Assessments: what a site answered"

    def ready(self):
        for listens in ("assessments.sign_ins", "assessments.session_limits", "assessments.deployment"):
            import_module(listens)  # they register what they do, and need the models
