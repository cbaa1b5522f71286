from importlib import import_module

from django.apps import AppConfig


class AssessmentsConfig(AppConfig):
    name = "assessments"
    verbose_name = "Assessments: what a site answered"

    def ready(self):
        import_module("assessments.deployment")  # registers its checks
