"""Work for `manage.py printreports`, in the tasks API that Django 6 brings itself."""

try:
    from django.tasks import task
except ImportError:  # Django 5.2
    from django_tasks import task

from assessments.printing import jobs


@task(queue_name="reports")
def print_waiting():
    """Makes every PDF that waits; a task that comes too late finds nothing to do, and that is fine."""
    return jobs.print_all()
