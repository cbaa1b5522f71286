import smtplib

import pytest
from django.core.management import call_command

from assessments.models import Membership, Notice, User
from assessments.models.notices import tell


@pytest.fixture
def item(assessment):
    return assessment.release.domains.get(code="PR").items.get(code="PR1")


@pytest.fixture
def told(assessment, item, alice, bob, rita):
    answer = assessment.answers.in_order().first()
    answer.record_note("Nobody's business.", by=alice, version=0)
    tell([bob], Notice.Kind.ASSIGNED, assessment, by=alice, item=item)
    tell([bob], Notice.Kind.COMMENT, assessment, by=alice, answer=answer, text="Which report?")
    tell([rita], Notice.Kind.REVIEW, assessment, by=alice, item=item)
    return answer


def send(**options):
    call_command("sendnotices", older_than=0, **options)


def test_everybody_gets_one_mail_with_all_that_waits(told, assessment, mailoutbox, settings):
    settings.SITE_URL = "https://ready.example.org"
    send()
    mails = {mail.to[0]: mail for mail in mailoutbox}
    assert sorted(mails) == ["bob@example.com", "rita@example.com"]
    body = mails["bob@example.com"].body
    assert mails["bob@example.com"].subject == "copcready: 2 things for you"
    for words in (
        "Acme, Leeds",
        "PR1 Topic 1 is yours to answer, from Alice.",
        f"https://ready.example.org/assessments/{assessment.pk}/items/PR1/",
        "has a new comment",
        '"Which report?"',
        "https://ready.example.org/account/notices/",
    ):
        assert words in body
    assert "Nobody's business." not in body


def test_nothing_is_sent_twice(told, mailoutbox):
    send()
    send()
    assert len(mailoutbox) == 2
    assert not Notice.objects.filter(sent_at=None)


def test_a_crash_after_the_claim_sends_nothing_again(told, mailoutbox, monkeypatch):
    monkeypatch.setattr("assessments.digests.send_mail", lambda *args: exec("raise KeyboardInterrupt"))  # noqa: S102
    with pytest.raises(KeyboardInterrupt):
        send()
    monkeypatch.undo()
    send()
    assert [mail.to for mail in mailoutbox] == [["rita@example.com"]]


def test_a_server_that_refuses_one_address_does_not_stop_the_others(told, mailoutbox, monkeypatch, capsys):
    def refuse_bob(subject, text, sender, to):
        if to == ["bob@example.com"]:
            raise smtplib.SMTPRecipientsRefused({})
        mailoutbox.append(to)

    monkeypatch.setattr("assessments.digests.send_mail", refuse_bob)
    with pytest.raises(SystemExit):
        send()
    assert mailoutbox == [["rita@example.com"]]
    assert "The e-mail to bob@example.com was not sent" in capsys.readouterr().err


def test_who_left_meanwhile_or_wants_nothing_is_not_written_to(told, bob, rita, mailoutbox):
    Membership.objects.filter(user=bob).delete()
    User.objects.filter(pk=rita.pk).update(digest=User.Digest.NEVER)
    send()
    assert mailoutbox == []
    assert not Notice.objects.unsent()
