from datetime import date

from assessments.demo import stories


def test_no_note_is_written_twice():
    told = [stories.read(name, date(2026, 3, 2)) for name in stories.NAMES]
    notes = [
        said.note
        for story in told
        for topic in story.items.values()
        for said in topic.answers.values()
        if said.note
    ]
    assert len(set(notes)) == len(notes)
    assert not [note for note in notes if "{" in note or "lorem" in note.lower()]


def test_the_months_of_notes_follow_the_date():
    assert stories.dated("{month-2} and {month+1}", date(2026, 1, 31)) == "November and February"
    assert stories.month_after(date(2026, 11, 30), 3) == date(2027, 2, 1)
