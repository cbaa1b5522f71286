"""Files as evidence: sent, refused, replaced, and handed out again as attachments only."""

import re
from hashlib import sha256

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from assessments.forms.evidence import FilesField
from assessments.models import Activity, Assessment, Evidence, EvidenceFile, evidence_store
from tests import factories, uploads


@pytest.fixture(autouse=True)
def _today(time_machine):
    time_machine.move_to("2026-11-20 12:00", tick=True)


@pytest.fixture(autouse=True)
def _store(store):
    return store


@pytest.fixture
def answer(assessment):
    return assessment.answers.in_order().first()


@pytest.fixture
def page(answer):
    return reverse("evidence", args=[answer.pk])


def sent(name="Pack.pdf", content=None, content_type="application/pdf"):
    return SimpleUploadedFile(name, uploads.pdf() if content is None else content, content_type)


def stored_files(store):
    return [path for path in store.rglob("*") if path.is_file()]


def text_of(response):
    return response.content.decode()


# ---- sending ----------------------------------------------------------------------------------------------------


def test_a_file_is_kept_with_what_is_known_of_it_and_shown(sign_in, bob, page, store, assessment):
    client, content = sign_in(bob), uploads.pdf()
    response = client.post(page, {"files": sent("Forecast October.pdf"), "covers_to": "2026-10"}, follow=True)
    shown = text_of(response)
    assert "“Forecast October.pdf” is added." in shown
    file = EvidenceFile.objects.get()
    assert (file.name, file.kind, file.size) == ("Forecast October.pdf", "pdf", len(content))
    assert (file.sha256, file.uploaded_by) == (sha256(content).hexdigest(), bob)
    assert [path.read_bytes() for path in stored_files(store)] == [content]
    for words in (file.sha256, "Added by Bob", "PDF", "covers Oct 2026"):
        assert words in shown
    item = text_of(client.get(reverse("item", args=[assessment.pk, "PR1"])))
    assert reverse("evidence-file", args=[Evidence.objects.get().pk]) in item


def test_the_store_holds_a_random_name_that_only_its_owner_reads(sign_in, bob, page, store):
    sign_in(bob).post(page, {"files": sent("../../etc/passwd\u202e.pdf")})
    (path,) = stored_files(store)
    assert re.fullmatch("[0-9a-f]{32}", path.name)
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == store.stat().st_mode & 0o777 == 0o700


def test_several_files_at_once_are_several_pieces_of_evidence(sign_in, bob, page):
    files = [sent("a.pdf"), sent("b.txt", b"Minutes"), sent("c.csv", b"x,y")]
    shown = text_of(sign_in(bob).post(page, {"files": files, "title": "Pack"}, follow=True))
    assert "3 files are added." in shown
    titles = Evidence.objects.values_list("title", flat=True)
    assert list(titles) == ["Pack: a.pdf", "Pack: b.txt", "Pack: c.csv"]


def test_what_got_another_ending_is_told_after_adding_and_after_replacing(sign_in, bob, page):
    client, files = sign_in(bob), [sent("report.pdf", b"Minutes"), sent("plan.pdf"), sent("x.png")]
    told = "report.pdf is kept as report.txt: what is in it is plain text."
    shown = text_of(client.post(page, {"files": files}, follow=True))
    assert f"3 files are added. {told} x.png is kept as x.pdf: what is in it is a PDF.</p>" in shown
    replacing = reverse("evidence-replace", args=[Evidence.objects.first().pk])
    newer = {"files": sent("report.pdf", b"Minutes"), "title": "Report"}
    assert told in text_of(client.post(replacing, newer, follow=True))


def test_of_several_files_all_are_kept_or_none(sign_in, bob, page, store):
    files = [sent("a.pdf"), sent("b.pdf", b"MZ\x90\0")]
    response = sign_in(bob).post(page, {"files": files})
    assert response.status_code == 422
    assert "b.pdf: This is a program for Windows." in text_of(response)
    assert not EvidenceFile.objects.exists()
    assert stored_files(store) == []


def test_more_files_than_can_be_sent_at_once_are_refused(sign_in, bob, page):
    response = sign_in(bob).post(page, {"files": [sent(f"{n}.pdf") for n in range(6)]})
    assert "These are 6 files. At most 5 can be sent at once." in text_of(response)


@pytest.mark.parametrize("case", uploads.REFUSED)
def test_what_is_refused_leaves_no_row_and_no_stored_byte(sign_in, bob, page, store, case):
    name, content, _words = uploads.REFUSED[case]
    response = sign_in(bob).post(
        page, {"files": sent(name, content), "title": "Kept title", "covers_to": "2026-10"}
    )
    assert response.status_code == 422
    shown = text_of(response)
    assert "<script>alert" not in shown
    assert 'value="Kept title"' in shown
    assert 'value="2026-10"' in shown
    assert not Evidence.objects.exists()
    assert not EvidenceFile.objects.exists()
    assert stored_files(store) == []


def test_what_else_was_typed_is_kept_and_the_file_is_asked_for_again(sign_in, bob, page):
    response = sign_in(bob).post(page, {"files": sent(), "title": "Pack", "covers_to": "2026-12"})
    assert response.status_code == 422
    assert "Choose the file again" in text_of(response)
    assert 'value="Pack"' in text_of(response)


def test_without_a_file_and_a_place_both_are_named(sign_in, bob, page):
    response = sign_in(bob).post(page, {"title": "Pack"})
    assert "Choose a file, or say where it is." in text_of(response)


def test_a_file_of_one_byte_too_many_is_refused_and_one_less_is_kept(sign_in, bob, page, settings, store):
    settings.EVIDENCE_FILE_BYTES = 1000
    client = sign_in(bob)
    response = client.post(page, {"files": sent("a.txt", b"x" * 1001)})
    assert response.status_code == 422
    assert "larger than 1000" in text_of(response).replace("\xa0", " ")
    assert stored_files(store) == []
    assert client.post(page, {"files": sent("a.txt", b"x" * 1000)}).status_code == 302


# ---- how much ---------------------------------------------------------------------------------------------------


def test_a_request_larger_than_any_form_takes_is_not_read(sign_in, bob, page, settings, store):
    settings.UPLOAD_BYTES = 1000
    response = sign_in(bob).post(page, {"files": sent("a.txt", b"x" * 2000)})
    assert response.status_code == 413
    assert "Nothing of it was read" in text_of(response)
    assert not Evidence.objects.exists()


def test_of_a_file_that_is_too_large_only_so_much_is_stored_that_the_form_can_say_so(
    sign_in, bob, page, settings
):
    settings.EVIDENCE_FILE_BYTES = settings.UPLOAD_FILE_BYTES = 100_000
    response = sign_in(bob).post(page, {"files": sent("a.txt", b"x" * 4_000_000), "title": "Kept title"})
    assert response.status_code == 422
    (file,) = response.wsgi_request.FILES.getlist("files")
    assert 100_000 < file.size <= 100_000 + 2 * 65_536
    assert 'value="Kept title"' in text_of(response)


@pytest.mark.parametrize(("limit", "value"), [("EVIDENCE_FILES", 1), ("EVIDENCE_BYTES", 10)])
def test_an_organisation_keeps_only_so_much_and_tells_not_everybody_how_much(
    sign_in, bob, page, settings, store, limit, value
):
    client = sign_in(bob)
    client.post(page, {"files": sent("a.txt", b"Minutes")})
    setattr(settings, limit, value)
    response = client.post(page, {"files": sent("b.txt", b"Minutes")})
    assert response.status_code == 422
    (error,) = response.context["form"].non_field_errors() or response.context["form"].errors["files"]
    assert error == (
        "This organisation has no room for what you chose. Nothing was added. Ask an owner or a manager: they see on the page "
        "of the evidence how much is kept."
    )
    assert error in text_of(response)
    assert len(stored_files(store)) == EvidenceFile.objects.count() == 1


def test_who_manages_sees_how_much_is_used(sign_in, bob, mark, answer, page):
    factories.filed(answer, by=bob)
    assert "Evidence files of the organisation" not in text_of(sign_in(bob).get(page))
    shown = text_of(sign_in(mark).get(page)).replace("\xa0", " ")
    assert "Evidence files of the organisation: 21 bytes of 1 GB used, 1 of 2000 files." in shown


# ---- handing out ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", uploads.GOOD)
def test_whatever_is_kept_comes_back_as_it_was_sent_and_as_an_attachment_only(
    sign_in, vera, bob, answer, case
):
    name, content, kind = uploads.GOOD[case]
    evidence = factories.filed(answer, name, content, by=bob)
    response = sign_in(vera).get(reverse("evidence-file", args=[evidence.pk]))
    assert response.status_code == 200
    assert b"".join(response.streaming_content) == content
    assert response["Content-Disposition"].startswith("attachment; ")
    assert response["Content-Type"] == evidence.file.content_type
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"].startswith("sandbox; default-src 'none'; ")
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    assert {"private", "no-store"} <= set(re.split(r",\s*", response["Cache-Control"]))
    assert evidence.file.name.endswith(("." + kind, ".jpeg"))


def test_the_name_travels_in_letters_of_every_system_and_in_its_own(sign_in, bob, answer):
    evidence = factories.filed(answer, "Größe 日本.txt", by=bob)
    header = sign_in(bob).get(reverse("evidence-file", args=[evidence.pk]))["Content-Disposition"]
    assert (
        header
        == "attachment; filename=\"groe.txt\"; filename*=UTF-8''Gr%C3%B6%C3%9Fe%20%E6%97%A5%E6%9C%AC.txt"
    )


def test_asking_for_the_head_tells_the_size_and_sends_and_notes_nothing(sign_in, bob, answer):
    evidence = factories.filed(answer, by=bob)
    response = sign_in(bob).head(reverse("evidence-file", args=[evidence.pk]))
    assert (response.status_code, response.content, response["Content-Length"]) == (200, b"", "21")
    assert not Activity.objects.filter(verb="evidence-downloaded").exists()


def test_evidence_without_a_file_has_none_to_hand_out(sign_in, bob, answer):
    evidence = Evidence.objects.create(answer=answer, title="Pack", place="Drive")
    assert sign_in(bob).get(reverse("evidence-file", args=[evidence.pk])).status_code == 404


def test_a_file_that_is_gone_from_the_store_gives_a_sentence(sign_in, bob, answer, store):
    evidence = factories.filed(answer, by=bob)
    (path,) = stored_files(store)
    path.unlink()
    response = sign_in(bob).get(reverse("evidence-file", args=[evidence.pk]))
    assert response.status_code == 404
    assert "the store of evidence files no longer has it" in text_of(response)


def test_a_store_that_does_not_answer_gives_a_sentence_and_leaves_no_row(
    sign_in, bob, answer, page, monkeypatch
):
    evidence = factories.filed(answer, by=bob)

    def fail(*args, **kwargs):
        raise OSError("planted")

    for word in ("open", "save", "_save", "_open"):
        monkeypatch.setattr(f"django.core.files.storage.FileSystemStorage.{word}", fail)
    client = sign_in(bob)
    assert client.get(reverse("evidence-file", args=[evidence.pk])).status_code == 503
    response = client.post(page, {"files": sent(), "title": "Kept title"})
    assert response.status_code == 503
    assert "The store of evidence files does not answer." in text_of(response)
    assert 'value="Kept title"' in text_of(response)
    assert EvidenceFile.objects.count() == 1


def test_a_file_of_removed_evidence_is_for_those_who_could_put_it_back(sign_in, bob, vera, answer):
    older = factories.filed(answer, by=bob)
    newer = factories.filed(answer, by=bob, replaces=older)
    newer.remove(by=bob)
    for evidence in (older, newer):
        address = reverse("evidence-file", args=[evidence.pk])
        assert sign_in(bob).get(address).status_code == 200
        assert sign_in(vera).get(address).status_code == 403


def test_what_was_done_is_noted_with_who_did_it(sign_in, bob, answer, page):
    client = sign_in(bob)
    client.post(page, {"files": sent("a.pdf")})
    first = Evidence.objects.get()
    client.post(reverse("evidence-replace", args=[first.pk]), {"files": sent("b.pdf"), "title": "b.pdf"})
    second = Evidence.objects.latest("pk")
    client.get(reverse("evidence-file", args=[second.pk]))
    client.post(reverse("evidence-replace-undo", args=[second.pk]))
    client.post(reverse("evidence-remove", args=[first.pk]))
    client.post(reverse("evidence-put-back", args=[first.pk]))
    noted = Activity.objects.order_by("pk").values_list("verb", "what", "who", "site__name", "way")
    code = answer.requirement.code
    assert list(noted) == [
        (f"evidence-{verb}", f"{code}: {title}", "Bob", "Leeds", "page")
        for verb, title in [
            ("added", "a.pdf"),
            ("replaced", "b.pdf"),
            ("downloaded", "b.pdf"),
            ("taken-back", "b.pdf"),
            ("removed", "a.pdf"),
            ("put-back", "a.pdf"),
        ]
    ]


# ---- replacing --------------------------------------------------------------------------------------------------


def test_a_newer_file_takes_the_place_of_an_older_one_which_stays_to_be_read(sign_in, bob, answer, page):
    older = factories.filed(answer, "October.txt", by=bob)
    client = sign_in(bob)
    form = text_of(client.get(reverse("evidence-replace", args=[older.pk])))
    assert 'value="October.txt"' in form, "it is called as before unless somebody says otherwise"
    assert "multiple" not in re.search(r"<input[^>]*name=\"files\"[^>]*>", form)[0]
    response = client.post(
        reverse("evidence-replace", args=[older.pk]),
        {"files": sent("November.pdf"), "title": "November"},
        follow=True,
    )
    shown = text_of(response)
    assert "“October.txt” is replaced. The earlier version stays beside the new one." in shown
    assert "1 piece of evidence" in shown
    assert "1 earlier version" in shown
    assert reverse("evidence-file", args=[older.pk]) in shown
    newer = answer.evidence.in_force().get()
    client.post(reverse("evidence-replace-undo", args=[newer.pk]))
    assert answer.evidence.in_force().get() == older


def test_a_form_sent_twice_adds_one_file_and_keeps_its_bytes_once(
    sign_in, bob, alice, answer, page, store, django_capture_on_commit_callbacks
):
    for name in (page, reverse("evidence-replace", args=[factories.filed(answer, by=alice).pk])):
        before = len(stored_files(store))
        for client in (sign_in(bob), sign_in(bob)):
            with django_capture_on_commit_callbacks(execute=True):
                response = client.post(name, {"files": sent(), "title": "Pack"}, follow=True)
            assert response.status_code == 200
            assert len(stored_files(store)) == before + 1
    assert EvidenceFile.objects.count() == 3
    assert Evidence.objects.filter(title="Pack").count() == 2
    assert Activity.objects.filter(by=bob).count() == 2


@pytest.mark.parametrize("changed", ["who", "bytes", "months", "removed", "later"])
def test_what_differs_from_what_was_just_added_is_added_too(sign_in, bob, alice, page, changed, time_machine):
    sign_in(bob).post(page, {"files": sent(), "title": "Pack", "covers_from": "2026-01"})
    if changed == "removed":
        Evidence.objects.get().remove(by=bob)
    if changed == "later":
        time_machine.shift(61)
    content = uploads.pdf(tail=b"%") if changed == "bytes" else None
    month = "2026-02" if changed == "months" else "2026-01"
    client = sign_in(alice if changed == "who" else bob)
    client.post(page, {"files": sent(content=content), "title": "Pack", "covers_from": month})
    assert Evidence.objects.count() == 2


def test_a_file_for_an_assessment_that_is_continued_while_it_is_looked_through_is_not_kept(
    sign_in, bob, page, store, monkeypatch
):
    look = FilesField.checked

    def slowly(*args):
        Assessment.objects.update(continued_at="2030-01-01T00:00Z")
        return look(*args)

    monkeypatch.setattr(FilesField, "checked", slowly)
    response = sign_in(bob).post(page, {"files": sent()})
    assert response.status_code == 403
    assert "This assessment is continued in a newer one" in text_of(response)
    assert not Evidence.objects.exists()
    assert stored_files(store) == []


def test_whoever_is_second_to_replace_is_told_and_loses_no_field(sign_in, bob, answer, store):
    older = factories.filed(answer, by=bob)
    factories.filed(answer, "First.txt", by=bob, replaces=older)
    response = sign_in(bob).post(
        reverse("evidence-replace", args=[older.pk]), {"files": sent(), "title": "Second"}
    )
    assert response.status_code == 422
    assert "was replaced meanwhile, by “First.txt”" in text_of(response)
    assert 'value="Second"' in text_of(response)
    assert len(stored_files(store)) == 2


def test_what_was_replaced_is_not_removed_under_its_successor(sign_in, bob, answer):
    older = factories.filed(answer, by=bob)
    factories.filed(answer, "New.txt", by=bob, replaces=older)
    response = sign_in(bob).post(reverse("evidence-remove", args=[older.pk]), follow=True)
    assert "“New.txt” has replaced it. Undo that first." in text_of(response)
    assert not Evidence.objects.exclude(removed_at=None).exists()


def test_the_bytes_of_a_row_that_could_not_be_made_are_taken_back(answer, bob, store, monkeypatch):
    monkeypatch.setattr("assessments.models.evidence.Evidence.save", lambda *args: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        factories.filed(answer, by=bob)
    assert stored_files(store) == []
    assert list(evidence_store.every()) == []
