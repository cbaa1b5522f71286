"""The application, as Django starts it."""

from importlib import import_module

from django.apps import AppConfig, apps


class AssessmentsConfig(AppConfig):
    name = "assessments"
    verbose_name = "Assessments: what a site answered"

    def ready(self):
        if not apps.is_installed("allauth.account"):  # where PDFs are set, nobody signs in
            return
        for listens in ("assessments.sign_ins", "assessments.session_limits", "assessments.deployment"):
            import_module(listens)  # they register what they do, and need the models
