from django.core.management import call_command
from django.db import migrations


def create_cache_table(apps, schema_editor):
    """Sign-in limits count in a table that all processes share; no extra command between a clone and a running server."""
    call_command("createcachetable", database=schema_editor.connection.alias, verbosity=0)


class Migration(migrations.Migration):
    dependencies = [("assessments", "0002_sites_assessments_answers")]
    operations = [migrations.RunPython(create_cache_table, migrations.RunPython.noop)]
