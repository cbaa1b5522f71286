"""Accounts from before were made by those who run the instance, so their addresses count as confirmed; and everybody signs in
once more, because the list of sessions begins with this."""

from django.db import migrations


def confirm(apps, schema_editor):
    address = apps.get_model("account", "EmailAddress")
    confirmed = set(address.objects.filter(verified=True).values_list("email", flat=True))
    for user in apps.get_model("assessments", "User").objects.exclude(email__in=confirmed).iterator():
        address.objects.filter(user=user, primary=True).update(primary=False)
        address.objects.update_or_create(
            user=user, email=user.email, defaults={"verified": True, "primary": True}
        )


def end_sessions(apps, schema_editor):
    apps.get_model("sessions", "Session").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [
        ("assessments", "0022_organisations_and_scope"),
        ("account", "0009_emailaddress_unique_primary_email"),
        ("sessions", "0001_initial"),
    ]

    operations = [
        migrations.RunPython(confirm, migrations.RunPython.noop, elidable=False),
        migrations.RunPython(end_sessions, migrations.RunPython.noop, elidable=False),
    ]
