"""Milestones compare by levels of their own, and the database refuses to change what was frozen.

Who took one is left out of the guard: a person who leaves takes their account along, while their name stays. Deleting is
refused by the models and shown by `checkmilestones`; a trigger against it would also stop the tests from tidying up.
"""

from django.db import migrations, models
from django.utils import timezone

KEPT = {
    "assessments_milestone": (
        "assessment_id, name, taken_on, taken_at, taken_by_name, document, sha256, figures, levels"
    ),
    "assessments_milestonereport": "milestone_id, pdf, sha256, made_at",
}
SENTENCE = "A milestone is kept as it was taken"


def guard(apps, schema_editor):
    for statement in STATEMENTS[schema_editor.connection.vendor]():
        schema_editor.execute(statement)


def lift(apps, schema_editor):
    for table in KEPT:
        on = f" ON {table}" if schema_editor.connection.vendor == "postgresql" else ""
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {table}_kept{on}")


def sqlite():
    for table, columns in KEPT.items():
        yield (
            f"CREATE TRIGGER {table}_kept BEFORE UPDATE OF {columns} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{SENTENCE}'); END"
        )


def postgresql():
    yield (
        "CREATE OR REPLACE FUNCTION milestone_kept() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{SENTENCE}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    for table, columns in KEPT.items():
        yield (
            f"CREATE TRIGGER {table}_kept BEFORE UPDATE OF {columns} ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION milestone_kept()"
        )


STATEMENTS = {"sqlite": sqlite, "postgresql": postgresql}


class Migration(migrations.Migration):
    dependencies = [
        ("assessments", "0017_calendar_feeds"),
    ]

    operations = [
        migrations.AddField(
            model_name="milestone",
            name="levels",
            field=models.JSONField(
                default=list,
                editable=False,
                help_text="What comparisons are made from: each requirement with what was chosen.",
            ),
        ),
        migrations.AlterField(
            model_name="milestone",
            name="figures",
            field=models.JSONField(
                editable=False, help_text="What lists and trends print, taken from the document."
            ),
        ),
        migrations.AlterField(
            model_name="milestone",
            name="taken_at",
            field=models.DateTimeField(default=timezone.now, editable=False),
        ),
        migrations.AlterModelOptions(
            name="milestone", options={"ordering": ["-taken_on", "-taken_at", "-pk"]}
        ),
        migrations.RunPython(guard, lift, elidable=False),
    ]
