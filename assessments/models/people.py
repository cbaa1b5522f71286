"""People, the organisations they work in, and the scope every query starts from."""

from datetime import timedelta
from functools import cache

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models, transaction
from django.db.models import Exists, F, OuterRef, Q, Value
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

MOMENT = timedelta(minutes=1)  # in which the same organisation again is a double click
BIN_KEPT = timedelta(days=30)  # so long an owner can put back an organisation that was deleted


class ScopedQuerySet(models.QuerySet):
    """Rows that belong to an organisation, and most of them to one of its sites.

    `to_site` is the path from a row to its site; what belongs to the organisation as a whole has none. `to_organisation`
    is said only where it is not that of the site.
    """

    to_site = None
    to_organisation = None

    @property
    def path_to_organisation(self):
        """From a row to its organisation; empty where the row is one."""
        return f"{self.to_site}__organisation" if self.to_organisation is None else self.to_organisation

    def of_member(self, user):
        """What belongs to the organisations in use that `user` is a member of. That they may see it all is said by for_user.

        Each row has `role`, what they are in its organisation, `limited`, whether they work in some of its sites only,
        `asks_factor`, whether it or this server asks for a second factor, and `tenant_id`, the id of the organisation.
        """
        of_all = settings.SECOND_FACTOR == "required"
        return self.filter(Q((self._at("memberships__user"), user), (self._at("binned_at"), None))).annotate(
            role=F(self._at("memberships__role")),
            limited=F(self._at("memberships__limited")),
            asks_factor=Value(True) if of_all else F(self._at("second_factor_required")),
            tenant_id=F(self._at("pk")),
        )

    def for_user(self, user, *, any_factor=False):
        """What `user` may see: of that, nothing of sites they do not work in, and, unless `any_factor`, nothing of an
        organisation that asks for a second factor they do not have."""
        rows = self.of_member(user)
        if not any_factor:
            rows = rows.filter(Q(asks_factor=False) | Q(has_second_factor(user)))
        if self.to_site is None:
            return rows
        member = F(self._at("memberships__pk"))
        return rows.alias(member=member).filter(Q(limited=False) | works_in(self.to_site))

    def _at(self, name):
        """The path from a row to something of its organisation."""
        return "__".join(filter(None, (self.path_to_organisation, name)))

    def within(self, organisation):
        """What belongs to that organisation; everything where it is None."""
        path = self.path_to_organisation or "pk"
        return self if organisation is None else self.filter(**{path: organisation.pk})


@cache
def works_in(to_site):
    """The condition that the membership called `member` lists the site at the end of that path. Kept, because building it
    takes as long as the rest of a query."""
    listed = Membership.sites.through.objects.filter(membership=OuterRef("member"), site=OuterRef(to_site))
    return Exists(listed)


SECOND_FACTORS = ("totp", "webauthn")  # recovery codes are the way back from one, not one


def has_second_factor(user):
    """The condition that `user` proved at sign-in more than a password. To have one is enough: whoever has one is always
    asked for it, and setting up the first ends the sessions that began without (sign_ins.py)."""
    from allauth.mfa.models import Authenticator  # not installed where PDFs are set, and not needed there

    return Exists(Authenticator.objects.filter(user=user, type__in=SECOND_FACTORS))


class UserQuerySet(models.QuerySet):
    def at_site(self, site, roles=None):
        """Who may sign in and works at `site`, in one of `roles` where they are given."""
        members = Membership.objects.filter(
            Q(limited=False) | Q(sites=site.pk), organisation=site.organisation_id
        )
        if roles is not None:
            members = members.filter(role__in=roles)
        return self.filter(is_active=True, pk__in=members.values("user"))

    def with_second_factor(self):
        """Each with `secured`: is more than a password asked of them at sign-in?"""
        return self.annotate(
            secured=Exists(User.objects.filter(pk=OuterRef("pk"), authenticator__type__in=SECOND_FACTORS))
        )


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):
    def create_user(self, email, password=None, **fields):
        """A person who signs in with `email`; without a password they cannot sign in until one is set."""
        if not email:
            raise ValueError("A user needs an e-mail address.")
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        with transaction.atomic(using=self._db):
            user.save(using=self._db)
            user.confirm_address()  # whoever makes an account for somebody vouches for the address
        return user

    def create_superuser(self, email, password=None, **fields):
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, email):
        return self.get(email=email.lower())


class User(AbstractBaseUser, PermissionsMixin):
    class Digest(models.TextChoices):
        HOURLY = "hourly", _("Soon, whatever waits gathered into one")
        DAILY = "daily", _("Once a day")
        NEVER = "never", _("Never; the first page shows what waits")

    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(max_length=80, blank=True)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(
        _("standards editor"),
        default=False,
        help_text=_("May enter the admin site, where requirement text is edited."),
    )
    joined_at = models.DateTimeField(auto_now_add=True)
    digest = models.CharField(max_length=8, choices=Digest, default=Digest.HOURLY)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    objects = UserManager()

    def __str__(self):
        return gettext("Former member") if self.is_former else self.name or self.email

    @property
    def former_email(self):
        """What stands in the place of the address once the account is deleted; no form accepts such an address."""
        return f"former-{self.pk}@invalid"

    @property
    def is_former(self):
        """Did they delete their account? Then nothing is known of them but what they wrote."""
        return self.email == self.former_email

    @property
    def initials(self):
        words = str(self).split()
        return "".join(word[0] for word in (words[0], words[-1])[: len(words)]).upper()

    def confirm_address(self):
        """Count `email` as theirs from now on, and what it was before as nobody's. Any number of times.

        Raises IntegrityError where another account has confirmed the same address.
        """
        with transaction.atomic():
            kept = self.emailaddress_set.exclude(email=self.email)
            kept.filter(Q(verified=True) | Q(primary=True)).delete()
            self.emailaddress_set.update_or_create(
                email=self.email, defaults={"verified": True, "primary": True}
            )


class OrganisationQuerySet(ScopedQuerySet):
    to_organisation = ""

    def restorable_by(self, user):
        """Those in the bin that `user`, one of their owners, can still put back."""
        return self.filter(
            Q(second_factor_required=False) | Q(has_second_factor(user)),
            memberships__user=user,
            memberships__role=Role.OWNER,
            binned_at__gt=timezone.now() - BIN_KEPT,
        )

    def just_made(self, name, *, by):
        """The one of that name that `by` made a moment ago, or None: a double click makes no second.

        Call it in the transaction that makes one: their clicks take turns until it ends.
        """
        User.objects.select_for_update().get(pk=by.pk)
        return self.of_member(by).filter(name=name, created_at__gt=timezone.now() - MOMENT).first()

    def past_restoring(self):
        """Those that were in the bin for so long that nobody can put them back."""
        return self.filter(binned_at__lte=timezone.now() - BIN_KEPT)


class Organisation(models.Model):
    name = models.CharField(max_length=120)
    second_factor_required = models.BooleanField(
        default=False, help_text=_("Whoever has no second factor sees nothing of it until they set one up.")
    )
    binned_at = models.DateTimeField(null=True, editable=False, help_text=_("Nobody sees anything of it."))
    binned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    objects = OrganisationQuerySet.as_manager()

    class Meta:
        ordering = ["name"]

    def __str__(self):
        return self.name

    @property
    def restorable_until(self):
        return self.binned_at and self.binned_at + BIN_KEPT


class Role(models.TextChoices):
    OWNER = "owner", _("owner")
    MANAGER = "manager", _("manager")
    CONTRIBUTOR = "contributor", _("contributor")
    REVIEWER = "reviewer", _("reviewer")
    VIEWER = "viewer", _("viewer")


class Membership(models.Model):
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=12, choices=Role, default=Role.CONTRIBUTOR)
    limited = models.BooleanField(
        _("in some sites only"),
        default=False,
        help_text=_("Then it is good for the sites listed, and for none where none is listed."),
    )
    sites = models.ManyToManyField("assessments.Site", blank=True, related_name="+")
    since = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "user"], name="member_once_an_organisation"),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="member_has_a_known_role"),
            models.CheckConstraint(
                condition=Q(limited=False) | ~Q(role=Role.OWNER), name="owner_works_in_every_site"
            ),
        ]

    def __str__(self):
        return f"{self.user} is {self.role} of {self.organisation}"
