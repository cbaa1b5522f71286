"""`manage.py answersschema`: writes the JSON Schema of answers.json anew, after a field of the document has changed."""

import json

from django.core.management.base import BaseCommand, CommandError

from assessments.report import schema


class Command(BaseCommand):
    help = f"Writes docs/schemas/{schema.PUBLISHED.name} from the document and {schema.WORDS.name}."

    def handle(self, *args, **options):
        try:
            found = schema.schema(schema.written())
        except schema.Undescribed as reason:
            raise CommandError(str(reason)) from None
        schema.PUBLISHED.write_text(as_text(found), encoding="utf-8")
        self.stdout.write(f"{schema.PUBLISHED.name}: {len(found['$defs']) + 1} kinds of objects")


def as_text(found):
    return json.dumps(found, indent=1, ensure_ascii=False) + "\n"
