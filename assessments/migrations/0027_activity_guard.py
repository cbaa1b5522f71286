"""Saves say from where, the activity is read newest first, and the database refuses to change what was noted in it.

Who did it, where and from where may be emptied, which is what happens when a person or a site is deleted. On
PostgreSQL nothing is deleted either while the organisation is in use: only together with one that is in the bin. SQLite
has no such guard against deleting: a trigger there that looks into another table stops every later migration that
makes that table anew.
"""

from django.conf import settings
from django.db import migrations, models

import assessments.models.origin

TABLE = "assessments_activity"
COLUMNS = "id, organisation_id, at, verb, what, way"
SENTENCE = "What was done stays in the activity as it was noted"
IN_USE = (
    "EXISTS (SELECT 1 FROM assessments_organisation WHERE id = OLD.organisation_id AND binned_at IS NULL)"
)


def guard(apps, schema_editor):
    for statement in STATEMENTS[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


def lift(apps, schema_editor):
    on = f" ON {TABLE}" if schema_editor.connection.vendor == "postgresql" else ""
    for name in ("kept", "names", "deleted"):
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {TABLE}_{name}{on}")


def filled(differs):
    """The condition that one of these columns becomes another one instead of empty."""
    empty = {"by_id": "IS NOT NULL", "site_id": "IS NOT NULL", "address": "IS NOT NULL", "who": "<> ''"}
    return " OR ".join(
        f"(NEW.{column} {is_more} AND NEW.{column} {differs} OLD.{column})"
        for column, is_more in empty.items()
    )


REFUSES = f"BEGIN SELECT RAISE(ABORT, '{SENTENCE}'); END"
STATEMENTS = {
    "sqlite": [
        f"CREATE TRIGGER {TABLE}_kept BEFORE UPDATE OF {COLUMNS} ON {TABLE} {REFUSES}",
        f"CREATE TRIGGER {TABLE}_names BEFORE UPDATE OF by_id, site_id, address, who ON {TABLE} WHEN {filled('IS NOT')} {REFUSES}",
    ],
    "postgresql": [
        "CREATE OR REPLACE FUNCTION activity_kept() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{SENTENCE}' USING ERRCODE = 'integrity_constraint_violation'; END $$",
        "CREATE OR REPLACE FUNCTION activity_stays() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN IF {IN_USE} THEN RAISE EXCEPTION '{SENTENCE}' USING ERRCODE = 'integrity_constraint_violation'; "
        "END IF; RETURN OLD; END $$",
        f"CREATE TRIGGER {TABLE}_kept BEFORE UPDATE OF {COLUMNS} ON {TABLE} "
        "FOR EACH ROW EXECUTE FUNCTION activity_kept()",
        f"CREATE TRIGGER {TABLE}_names BEFORE UPDATE OF by_id, site_id, address, who ON {TABLE} "
        f"FOR EACH ROW WHEN ({filled('IS DISTINCT FROM')}) EXECUTE FUNCTION activity_kept()",
        f"CREATE TRIGGER {TABLE}_deleted BEFORE DELETE ON {TABLE} "
        "FOR EACH ROW EXECUTE FUNCTION activity_stays()",
    ],
}


def address():
    return models.GenericIPAddressField(
        default=assessments.models.origin.current_address, editable=False, null=True
    )


class Migration(migrations.Migration):
    dependencies = [
        ("assessments", "0026_evidence_files"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField("answerrevision", "address", address()),
        migrations.AddField("readingrevision", "address", address()),
        migrations.RemoveIndex("activity", "activity_newest_first"),
        migrations.AddIndex(
            "activity",
            models.Index(fields=["organisation", "-at", "-id"], name="activity_newest_first"),
        ),
        migrations.AddIndex(
            "answerrevision", models.Index(fields=["-at", "-id"], name="answer_save_newest_first")
        ),
        migrations.AddIndex(
            "readingrevision", models.Index(fields=["-at", "-id"], name="reading_save_newest_first")
        ),
        migrations.RunPython(guard, lift, elidable=False),
    ]
