"""What an uploaded file is, told by what is in it and never by its name or by what the browser says of it.

PDF, PNG, JPEG, DOCX, XLSX, CSV and TXT are kept, unless something is in them that acts on whoever opens them, or that nobody
can look through. Nothing is changed in a file: what is kept is what was sent.

`checked` and `kinds` are the side of the server. The rest runs in a process with limits (`standards.limited`), apart from
Django: its sentences are marked for translation and told in the reader's language by the server.
"""


class Refused(Exception):
    """The file is not kept. As text it is one or more whole `sentences` that name what was found, in the language in use; `parts`
    are what stands in their places."""

    def __init__(self, *sentences, **parts):
        super().__init__(*sentences)
        self.parts = parts

    def __str__(self):
        from django.utils.translation import gettext  # takes longer to load than most files to look through

        return " ".join(gettext(sentence) for sentence in self.args) % self.parts


def _(sentence):
    """Marks a sentence for translation."""
    return sentence
