from django.db import migrations, models

FOR_ALL = "Forecasting, quality monitoring and coaching come first, because certification does not fix them."


def give_a_reason(apps, schema_editor):
    """So that the constraint holds for rows already there. `loadstandards` puts the shipped reasons in its place."""
    fundamental = apps.get_model("standards", "Requirement").objects.filter(fundamental=True)
    fundamental.filter(fundamental_reason="").update(fundamental_reason=FOR_ALL)


class Migration(migrations.Migration):
    dependencies = [("standards", "0002_summaries_quick_scan_wording_imports")]

    operations = [
        migrations.AddField(
            model_name="requirement",
            name="fundamental_reason",
            field=models.CharField(blank=True, max_length=300),
        ),
        migrations.RunPython(give_a_reason, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="requirement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("fundamental", False),
                    models.Q(("fundamental_reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="requirement_fundamental_for_a_reason",
            ),
        ),
    ]
