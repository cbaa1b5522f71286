"""Evidence files in an S3-compatible store, against a server of that kind on this machine."""

from datetime import timedelta
from io import StringIO

import boto3
import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone
from moto.server import ThreadedMotoServer

from assessments.models import EvidenceFile, evidence_store
from copcready.settings import evidence_storage
from tests import factories
from tests.assessments.views.test_evidence_files import sent, text_of

BUCKET = "evidence-of-tests"


@pytest.fixture(scope="module")
def server():
    made = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    made.start()
    yield "http://{}:{}".format(*made.get_host_and_port())
    made.stop()


@pytest.fixture
def bucket(server, settings, monkeypatch):
    """An empty bucket in which evidence files are stored from now on."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    use(settings, monkeypatch, server)
    made = boto3.resource("s3", endpoint_url=server, region_name="us-east-1").Bucket(BUCKET)
    made.create()
    yield made
    made.objects.delete()
    made.delete()


def use(settings, monkeypatch, server):
    monkeypatch.setenv("COPCREADY_STORAGE", f"s3://{BUCKET}?endpoint={server}&region=us-east-1")
    settings.STORAGES = settings.STORAGES | {"evidence": evidence_storage(None)}


@pytest.fixture
def answer(assessment):
    return assessment.answers.in_order().first()


def keys(bucket):
    return {each.key for each in bucket.objects.all()}


def check(*arguments):
    out = StringIO()
    try:
        call_command("checkevidence", *arguments, stdout=out)
    except SystemExit as end:
        return end.code, out.getvalue()
    return 0, out.getvalue()


def test_a_file_goes_there_and_comes_back_through_our_own_address(sign_in, bob, answer, bucket):
    client = sign_in(bob)
    response = client.post(reverse("evidence", args=[answer.pk]), {"files": sent("Pack.pdf")})
    assert response.status_code == 302
    file = EvidenceFile.objects.get()
    assert keys(bucket) == {file.stored}
    shown = text_of(client.get(reverse("evidence", args=[answer.pk])))
    assert BUCKET not in shown
    assert "127.0.0.1" not in shown
    response = client.get(reverse("evidence-file", args=[file.evidence.get().pk]))
    assert b"".join(response.streaming_content).startswith(b"%PDF-")
    assert response["Content-Disposition"].startswith("attachment")
    assert "Location" not in response


def test_it_is_replaced_checked_and_deleted_there(bob, answer, bucket, django_capture_on_commit_callbacks):
    older = factories.filed(answer, "1.txt", by=bob)
    newer = factories.filed(answer, "2.txt", by=bob, replaces=older)
    assert keys(bucket) == {older.file.stored, newer.file.stored}
    assert check() == (0, "2 files checked, 0 wrong.\n0 in the store belong to no evidence.\n")
    bucket.Object(older.file.stored).delete()
    bucket.Object(newer.file.stored).put(Body=b"other")
    status, said = check()
    assert status == 1
    assert "1.txt of Acme: it is not in the store." in said
    assert "2.txt of Acme: it has 5 bytes in the store, and 21 were uploaded." in said
    for evidence in (newer, older):
        evidence.delete()
    with django_capture_on_commit_callbacks(execute=True):
        EvidenceFile.objects.delete_of(answer.assessment.site.organisation)
    assert keys(bucket) == set()


def test_what_belongs_to_nothing_there_is_removed_once_it_is_old(bob, bucket, time_machine):
    bucket.put_object(Key="7/stray", Body=b"left over")
    assert "belongs to no evidence" not in check("--remove-orphans")[1].splitlines()[0]
    assert keys(bucket) == {"7/stray"}
    time_machine.move_to(timezone.now() + timedelta(hours=2))
    assert "7/stray: belongs to no evidence, removed." in check("--remove-orphans")[1]
    assert keys(bucket) == set()


def test_a_file_that_is_gone_there_gives_a_sentence(sign_in, bob, answer, bucket):
    evidence = factories.filed(answer, by=bob)
    bucket.objects.delete()
    response = sign_in(bob).get(reverse("evidence-file", args=[evidence.pk]))
    assert response.status_code == 404
    assert "no longer has it" in text_of(response)


def test_a_server_that_is_down_gives_a_sentence_and_no_row(
    sign_in, bob, answer, bucket, settings, monkeypatch
):
    evidence = factories.filed(answer, by=bob)
    use(settings, monkeypatch, "http://127.0.0.1:9")
    client = sign_in(bob)
    response = client.post(reverse("evidence", args=[answer.pk]), {"files": sent("New.pdf"), "title": "Kept"})
    assert response.status_code == 503
    assert "The store of evidence files does not answer." in text_of(response)
    assert 'value="Kept"' in text_of(response)
    assert EvidenceFile.objects.count() == 1
    assert client.get(reverse("evidence-file", args=[evidence.pk])).status_code == 503
    with pytest.raises(CommandError, match="does not answer"):
        check()


def test_a_bucket_that_is_not_there_is_no_500(sign_in, bob, answer, server, settings, monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    use(settings, monkeypatch, server)
    response = sign_in(bob).post(reverse("evidence", args=[answer.pk]), {"files": sent()})
    assert response.status_code == 503
    with pytest.raises(evidence_store.Unreachable):
        list(evidence_store.every())


def test_monitoring_is_told_that_it_is_down_and_asks_it_now_and_then_only(
    db, client, bucket, settings, monkeypatch
):
    said = client.get(reverse("ready"))
    assert (said.status_code, "evidence: ok" in said.text) == (200, True)
    use(settings, monkeypatch, "http://127.0.0.1:9")
    assert "evidence: ok" in client.get(reverse("ready")).text, "kept for half a minute"
    cache.clear()
    said = client.get(reverse("ready"))
    assert (said.status_code, "evidence: does not answer" in said.text) == (200, True)


def test_a_bucket_that_is_not_there_does_not_answer(server, settings, monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    use(settings, monkeypatch, server)
    assert not evidence_store.answers()
