"""How often somebody wants to hear of things."""

from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.models import User


class NoticesForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ["digest"]
        labels = {"digest": _("When should an e-mail tell you what waits for you?")}
        widgets = {"digest": forms.RadioSelect}
