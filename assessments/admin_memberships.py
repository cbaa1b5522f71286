"""The people of an organisation on its page in the admin site: who, as what, and in which sites."""

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.models import Activity, Membership, Role, Site, User, Verb, memberships


class MembershipForm(forms.ModelForm):
    """Names the person by e-mail address: a list of everybody would be neither short nor anyone's business."""

    email = forms.EmailField(label=gettext_lazy("E-mail address of the person"))

    class Meta:
        model = Membership
        fields = ["role", "limited", "sites"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["email"] = self.instance.user.email
            self.fields["email"].disabled = True

    def clean_email(self):
        email = self.cleaned_data["email"].lower()
        user = User.objects.filter(email=email).first()
        if user is None:
            raise ValidationError(
                _("Nobody has an account with this address. Add the person under Users first.")
            )
        self.instance.user = user
        return email

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("limited") and cleaned.get("role") == Role.OWNER:
            self.add_error("limited", _("An owner works in every site. Untick this, or choose another role."))
        elif cleaned.get("sites") and not cleaned.get("limited"):
            self.add_error("sites", _("Tick “in some sites only” too, or choose no site."))
        return cleaned


class MembershipFormSet(forms.BaseInlineFormSet):
    def add_fields(self, form, index):
        """Offers the sites of this organisation, fetched once for all rows."""
        super().add_fields(form, index)
        if not hasattr(self, "_sites"):
            self._sites = [(site.pk, str(site)) for site in self._own_sites()]
        form.fields["sites"].queryset = self._own_sites()
        form.fields["sites"].choices = self._sites

    def _own_sites(self):
        return Site.objects.filter(organisation=self.instance.pk).order_by("name", "pk")

    def clean(self):
        super().clean()
        if any(self.errors):
            return
        rows = [form for form in self.forms if form.is_valid() and form.cleaned_data]
        emails = [form.cleaned_data["email"] for form in rows]
        if len(emails) != len(set(emails)):
            raise ValidationError(_("Somebody is listed twice."))
        staying = [form.instance for form in rows if not form.cleaned_data.get("DELETE")]
        if not any(row.role == Role.OWNER and row.user.is_active for row in staying):
            raise ValidationError(_("An organisation keeps at least one owner who can sign in."))


def settle(formset, request):
    """What follows from the memberships that `formset` saved: open work of who was removed, or can no longer do or see it,
    is nobody's, each change stands in the activity of the organisation, and no invitation waits for any of them. Call it in
    the transaction in which they were saved."""
    by = request.user
    for row in formset.deleted_objects:
        memberships.pass_on(formset.instance, row.user, None)
        _note(row, Verb.STAFF_MEMBER_REMOVED, row.user, by)
    for row, fields in formset.changed_objects:
        count = memberships.set_free(row, other_role="role" in fields)
        if count:
            messages.info(request, memberships.freed(row.user, count))
        _note(row, Verb.STAFF_MEMBER_CHANGED, memberships.told(row), by)
    for row in formset.new_objects:
        _note(row, Verb.STAFF_MEMBER_ADDED, memberships.told(row), by)


def _note(row, verb, what, by):
    Activity.objects.record(row.organisation, verb, what, by=by, who=by.email)
    row.organisation.invitations.take_back(row.user.email, by=by, who=by.email)
