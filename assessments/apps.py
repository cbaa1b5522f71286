"""The application, as Django starts it."""

from django.apps import AppConfig


class AssessmentsConfig(AppConfig):
    name = "assessments"

    def ready(self):
        from assessments import sign_ins  # noqa: F401 - it listens, and needs the models
