"""People, the organisations they work in, and the scope every query starts from."""

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models import F
from django.utils.translation import gettext_lazy as _


class ScopedQuerySet(models.QuerySet):
    """Rows that belong to an organisation. `to_memberships` is the path from the row to its organisation's members."""

    to_memberships = "memberships"

    def for_user(self, user):
        """What `user` may see, each row with `role`: what they are in the organisation it belongs to."""
        return self.filter(**{f"{self.to_memberships}__user": user}).annotate(
            role=F(f"{self.to_memberships}__role")
        )


class UserManager(BaseUserManager):
    def create_user(self, email, password=None, **fields):
        """A person who signs in with `email`; without a password they cannot sign in until one is set."""
        if not email:
            raise ValueError("A user needs an e-mail address.")
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
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
        return self.name or self.email

    @property
    def initials(self):
        words = (self.name or self.email).split()
        return "".join(word[0] for word in (words[0], words[-1])[: len(words)]).upper()


class OrganisationQuerySet(ScopedQuerySet):
    pass


class Organisation(models.Model):
    name = models.CharField(max_length=120)
    created_at = models.DateTimeField(auto_now_add=True)
    objects = OrganisationQuerySet.as_manager()

    class Meta:
        ordering = ["name"]

    def __str__(self):
        return self.name


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
    since = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "user"], name="member_once_an_organisation"),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="member_has_a_known_role"),
        ]

    def __str__(self):
        return f"{self.user} is {self.role} of {self.organisation}"
