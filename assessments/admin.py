"""People and organisations, and a look at what sites answered, for superusers alone.

Standards editors (`is_staff`) see none of this. Sites, assessments and answers belong to the tenants: here they can be
looked at, never changed, and each look at them leaves a line in the log and a row in the activity of their organisation.
"""

import logging

import allauth.account.admin
import allauth.mfa.admin
import allauth.usersessions.admin  # noqa: F401 - likewise
import django_tasks_db.admin  # noqa: F401 - likewise: whose task is in which line is nothing to edit
from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminPasswordChangeForm, AdminUserCreationForm, UserChangeForm
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_tasks_db.models import DBTaskResult

from assessments.admin_looks import Watched
from assessments.admin_memberships import MembershipForm, MembershipFormSet, settle
from assessments.forms.sites import CleanCharField, OrganisationForm
from assessments.models import (
    Answer,
    Assessment,
    Comment,
    Finding,
    Membership,
    Organisation,
    Review,
    Site,
    User,
    Verb,
)
from assessments.second_factors import is_last

access_log = logging.getLogger("copcready.access")

# Memberships say who may do what, not groups; people look after their own addresses and sessions, and allauth's page for
# second factors would show their secrets.
admin.site.unregister(Group)
admin.site.unregister([EmailAddress, Authenticator, UserSession])
admin.site.unregister(DBTaskResult)


class ForSuperusers:
    """Hidden from editors. `may_change` opens adding and changing; nothing is deleted."""

    may_change = True

    def has_module_permission(self, request):
        return request.user.is_superuser

    def has_view_permission(self, request, obj=None):
        return request.user.is_superuser

    def has_change_permission(self, request, obj=None):
        return request.user.is_superuser and self.may_change

    def has_add_permission(self, request, obj=None):
        return request.user.is_superuser and self.may_change

    def has_delete_permission(self, request, obj=None):
        return False


class TenantData(Watched, ForSuperusers, admin.ModelAdmin):
    may_change = False
    actions = None
    list_per_page = 100


class OneSpelling:
    """E-mail addresses are stored in small letters, so one person cannot have two accounts."""

    def clean_email(self):
        email = self.cleaned_data["email"].lower()
        if User.objects.filter(email=email).exclude(pk=self.instance.pk).exists():
            raise ValidationError(_("Somebody has an account with this address already."))
        return email


class NewUserForm(OneSpelling, AdminUserCreationForm):
    class Meta(AdminUserCreationForm.Meta):
        model = User
        fields = ("email", "name")
        field_classes = {"name": CleanCharField}


class UserForm(OneSpelling, UserChangeForm):
    class Meta(UserChangeForm.Meta):
        model = User
        fields = "__all__"
        field_classes = {"name": CleanCharField}
        labels = {"is_active": gettext_lazy("May sign in")}


def tell(sentence, *addresses):
    """The owner of an account is told what staff did to it, because a stranger may have asked for it in their name."""
    for address in addresses:
        get_adapter().send_mail("account/email/changed_by_staff", address, {"sentence": sentence})


class PasswordForm(AdminPasswordChangeForm):
    def save(self, commit=True):
        """The password and nothing else of the row, which others may have changed since it was read."""
        user = super().save(commit=False)
        user.save(update_fields=["password"])
        tell(_("The people who look after copcready changed the password of your account. Wherever you were signed in, you are not any more."), user.email)  # fmt: skip
        return user


@admin.register(User)
class UserAdmin(Watched, ForSuperusers, DjangoUserAdmin):
    to_organisations = "memberships__organisation"
    form = UserForm
    add_form = NewUserForm
    change_password_form = PasswordForm
    actions = None
    ordering = ["email"]
    list_display = ["email", "name", "is_active", "is_staff", "is_superuser", "last_login"]
    list_filter = ["is_active", "is_staff", "is_superuser"]
    search_fields = ["email", "name"]
    filter_horizontal = []
    readonly_fields = ["last_login", "joined_at"]
    fieldsets = [
        (None, {"fields": ["email", "name", "password"]}),
        (gettext_lazy("What they may do"), {"fields": ["is_active", "is_staff", "is_superuser"]}),
        (gettext_lazy("Dates"), {"fields": [("joined_at", "last_login")]}),
    ]
    add_fieldsets = [(None, {"fields": ["email", "name", "usable_password", "password1", "password2"]})]

    def get_readonly_fields(self, request, obj=None):
        """Nobody takes their own rights away: the last superuser could never give them back."""
        rights = ["is_active", "is_staff", "is_superuser"] if obj == request.user else []
        return [*self.readonly_fields, *rights]

    def save_model(self, request, obj, form, change):
        """Of a row that is there, only what was changed on the page: its person may have changed the rest meanwhile."""
        obj.save(update_fields=form.changed_data if change else None)
        if "email" in form.changed_data:
            # allauth keeps a list of its own, by which the former address would still sign in.
            EmailAddress.objects.filter(user=obj).exclude(email=obj.email).delete()
            obj.confirm_address()
        former = form.initial.get("email", obj.email)
        if former != obj.email:
            tell(_("The people who look after copcready changed the e-mail address of your account."), former, obj.email)  # fmt: skip


@admin.register(Authenticator)
class SecondFactorAdmin(Watched, ForSuperusers, admin.ModelAdmin):
    """What people set up, without its secrets: to take it away from who lost the phone and the recovery codes."""

    to_organisations = "user__memberships__organisation"
    may_change = False
    actions = None
    fields = list_display = ["user", "type", "created_at", "last_used_at"]
    search_fields = ["user__email", "user__name"]
    list_select_related = ["user"]

    def has_delete_permission(self, request, obj=None):
        return request.user.is_superuser

    def delete_model(self, request, obj):
        """Its owner is told, because a stranger may have asked for it in their name. Recovery codes go with the last one: they
        may be in the same hands as the phone."""
        self.note(request, Verb.STAFF_FACTOR_REMOVED, obj.user, [obj.pk])
        if is_last(obj):
            obj.user.authenticator_set.exclude(pk=obj.pk).delete()
        super().delete_model(request, obj)
        context = {"user": obj.user, "factor": obj.get_type_display()}
        get_adapter(request).send_mail("mfa/email/taken_away", obj.user.email, context)


class MembershipInline(ForSuperusers, admin.TabularInline):
    model = Membership
    form = MembershipForm
    formset = MembershipFormSet
    fields = ["email", "role", "limited", "sites"]
    extra = 1  # adding works without JavaScript too

    def get_queryset(self, request):
        rows = super().get_queryset(request).select_related("user", "organisation")
        return rows.prefetch_related("sites")

    def has_delete_permission(self, request, obj=None):
        return request.user.is_superuser


@admin.register(Organisation)
class OrganisationAdmin(Watched, ForSuperusers, admin.ModelAdmin):
    """Its owners delete an organisation, on its own page; here one sees which of them are in the bin."""

    to_organisations = "pk"
    form = OrganisationForm
    actions = None
    list_display = ["name", "created_at", "binned_at"]
    list_filter = [("binned_at", admin.EmptyFieldListFilter)]
    search_fields = ["name"]
    fields = ["name", "binned_at", "binned_by"]
    readonly_fields = ["binned_at", "binned_by"]
    inlines = [MembershipInline]

    @transaction.atomic
    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """A change waits for those that are made at the same moment, as on the pages of the organisation itself."""
        row = object_id and request.method == "POST" and self.get_object(request, unquote(object_id))
        if row:
            Organisation.objects.select_for_update().get(pk=row.pk)
        return super().changeform_view(request, object_id, form_url, extra_context)

    def save_formset(self, request, form, formset, change):
        super().save_formset(request, form, formset, change)
        settle(formset, request)


@admin.register(Site)
class SiteAdmin(TenantData):
    list_display = ["name", "organisation", "country", "seats", "vendor"]
    list_select_related = ["organisation"]
    search_fields = ["name", "organisation__name", "vendor"]


@admin.register(Assessment)
class AssessmentAdmin(TenantData):
    list_display = ["site", "organisation", "release", "variant", "started_at", "asked", "open"]
    list_select_related = ["site__organisation", "release__standard", "variant__release__standard"]
    search_fields = ["site__name", "site__organisation__name"]

    @admin.display(description=gettext_lazy("organisation"), ordering="site__organisation__name")
    def organisation(self, assessment):
        return assessment.site.organisation


@admin.register(Answer)
class AnswerAdmin(TenantData):
    list_display = ["requirement_code", "assessment", "choice", "answered_by", "answered_at"]
    list_select_related = [
        "requirement__item",
        "assessment__site",
        "assessment__variant",
        "assessment__release",
        "answered_by",
    ]
    search_fields = ["assessment__site__name", "assessment__site__organisation__name", "requirement__key"]
    ordering = ["assessment", "requirement__item__position", "requirement__position"]
    show_full_result_count = False

    @admin.display(description=gettext_lazy("requirement"))
    def requirement_code(self, answer):
        return answer.requirement.code


@admin.register(Review)
class ReviewAdmin(TenantData):
    list_display = ["item", "assessment", "submitted_by", "submitted_at", "outcome", "decided_by"]
    list_select_related = [
        "item",
        "assessment__site",
        "assessment__variant",
        "assessment__release",
        "submitted_by",
        "decided_by",
    ]
    search_fields = ["assessment__site__name", "assessment__site__organisation__name"]


@admin.register(Finding)
class FindingAdmin(TenantData):
    show_full_result_count = False
    list_display = ["pk", "review_id", "answer_id", "answered", "choice"]


@admin.register(Comment)
class CommentAdmin(TenantData):
    show_full_result_count = False
    list_display = ["pk", "answer_id", "by", "at"]
    list_select_related = ["by"]


if settings.SINGLE_SIGN_ON:
    from allauth.socialaccount.admin import SocialAccount, SocialApp, SocialToken

    admin.site.unregister([SocialAccount, SocialApp, SocialToken])  # the provider stands in the settings

    @admin.register(SocialAccount)
    class ConnectionAdmin(TenantData):
        """Who is connected with whom at the provider. Ending it lets the next with that e-mail address in."""

        to_organisations = "user__memberships__organisation"
        list_display = ["user__email", "last_login", "date_joined"]
        list_select_related = ["user"]
        search_fields = ["user__email", "user__name"]
        fields = ["user", "extra_data", "last_login", "date_joined"]

        def has_delete_permission(self, request, obj=None):
            return request.user.is_superuser

        def delete_model(self, request, obj):
            access_log.info("user %s ended the single sign-on of user %s", request.user.pk, obj.user_id)
            self.note(request, Verb.STAFF_CONNECTION_ENDED, obj.user, [obj.pk])
            super().delete_model(request, obj)
            sentence = _("The people who look after copcready ended the connection of your account with %(provider)s. Who next signs in there with this e-mail address is let in by it again.")  # fmt: skip
            tell(sentence % {"provider": settings.SINGLE_SIGN_ON.name}, obj.user.email)
