"""Figures as people type them."""

from django import forms

from assessments import figures
from standards.text import clean_text


def plain(figure):
    """A figure as it is typed: 81.2, 61480; nothing for None. Read again it is the same float, whatever stands around it:
    1.234 becomes 1.2340, which nobody takes for a thousand."""
    if figure is None:
        return ""
    text = repr(float(figure)).removesuffix(".0")
    return f"{text}0" if figures.EITHER.fullmatch(text) else text


class FigureField(forms.CharField):
    """81,2 or 1 234.5 or 81.2 %: a float, or None where nothing is typed. With `count`, 61,240 are thousands."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})

    def __init__(self, *, count=False, **kwargs):
        super().__init__(**kwargs)
        self.count = count

    def to_python(self, value):
        text = clean_text(super().to_python(value) or "").strip()
        try:
            return figures.number(text, self._decimal(text))
        except figures.NotAFigure as error:
            raise forms.ValidationError(str(error)) from error

    def _decimal(self, text):
        return figures.guess_decimal([text]) or (figures.decimal_sign_of_count(text) if self.count else None)

    def prepare_value(self, value):
        return value if isinstance(value, str) else plain(value)

    def has_changed(self, initial, data):
        return super().has_changed(plain(initial), data)
