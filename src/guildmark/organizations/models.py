"""Organizations, their places, their people, and the accounts that act in them."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar
from zoneinfo import ZoneInfo

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower, Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from guildmark.identifiers import uuid7


class Identified(models.Model):
    """A row with an identifier that can be shown in an address."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)

    class Meta:
        abstract = True


class Organization(Identified):
    """The tenant: employer, provider, or both. What it owns is invisible to other tenants."""

    name = models.CharField(_("name"), max_length=200)
    slug = models.SlugField(_("short name in addresses"), max_length=60, unique=True)
    country = models.CharField(_("country"), max_length=2, help_text=_("ISO 3166-1, two letters"))
    language = models.CharField(_("language"), max_length=10, default="en")
    time_zone = models.CharField(
        _("time zone"), max_length=64, default="UTC", help_text=_("IANA name: Europe/Berlin")
    )
    is_employer = models.BooleanField(_("employs people"), default=True)
    is_provider = models.BooleanField(_("teaches or assesses"), default=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        """The time zone in which its days begin and end."""
        return ZoneInfo(self.time_zone)

    def today(self) -> dt.date:
        """The day it is there now. What is asked of a day is asked of this one."""
        return timezone.localdate(None, self.zone)

    def day_of(self, moment: dt.datetime) -> dt.date:
        """The day it was there at that moment."""
        return moment.astimezone(self.zone).date()

    def start_of(self, day: dt.date) -> dt.datetime:
        """The moment at which that day begins there."""
        return dt.datetime.combine(day, dt.time.min, tzinfo=self.zone)

    def end_of(self, day: dt.date) -> dt.datetime:
        """The last second of that day there."""
        return dt.datetime.combine(day, dt.time(23, 59, 59), tzinfo=self.zone)


class Site(Identified):
    """A place of the organization."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="sites")
    code = models.CharField(_("code"), max_length=40)
    name = models.CharField(_("name"), max_length=200)
    city = models.CharField(_("city"), max_length=120, blank=True)
    country = models.CharField(_("country"), max_length=2, blank=True)

    class Meta:
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [
            models.UniqueConstraint("organization", Lower("code"), name="site_code_unique"),
        ]

    def __str__(self) -> str:
        return self.name


class Unit(Identified):
    """A line, cell or team of a site; units nest."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="units")
    site = models.ForeignKey(Site, models.PROTECT, related_name="units")
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children"
    )
    manager = models.ForeignKey(
        "Person", models.SET_NULL, null=True, blank=True, related_name="managed_units"
    )
    code = models.CharField(_("code"), max_length=40)
    name = models.CharField(_("name"), max_length=200)

    class Meta:
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [
            models.UniqueConstraint("organization", Lower("code"), name="unit_code_unique"),
            models.CheckConstraint(
                condition=~models.Q(parent=models.F("id")), name="unit_not_own_parent"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Shift(Identified):
    """A working time that people and stations share."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="shifts")
    code = models.CharField(_("code"), max_length=40)
    name = models.CharField(_("name"), max_length=120)
    starts_at = models.TimeField(_("from"))
    ends_at = models.TimeField(_("to"), help_text=_("Earlier than 'from' means the next day"))

    class Meta:
        ordering: ClassVar = ["starts_at", "code"]
        constraints: ClassVar = [
            models.UniqueConstraint("organization", Lower("code"), name="shift_code_unique"),
        ]

    def __str__(self) -> str:
        return self.name


class Station(Identified):
    """A work place of a unit that needs skills to be staffed."""

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="stations")
    code = models.CharField(_("code"), max_length=40)
    name = models.CharField(_("name"), max_length=200)

    class Meta:
        ordering: ClassVar = ["code"]
        constraints: ClassVar = [
            models.UniqueConstraint("unit", Lower("code"), name="station_code_unique"),
        ]

    def __str__(self) -> str:
        return self.name


class Position(Identified):
    """What the HR file calls a job; a job role says which skills it needs."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="positions")
    code = models.CharField(_("code"), max_length=60)
    title = models.CharField(_("title"), max_length=200)

    class Meta:
        ordering: ClassVar = ["title"]
        constraints: ClassVar = [
            models.UniqueConstraint("organization", Lower("code"), name="position_code_unique"),
        ]

    def __str__(self) -> str:
        return self.title


class Person(Identified):
    """A human known to an organization; outlives every employment."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="people")
    number = models.CharField(_("personnel number"), max_length=60)
    given_name = models.CharField(_("given name"), max_length=200, blank=True)
    family_name = models.CharField(_("family name"), max_length=200)
    email = models.EmailField(_("email"), blank=True)
    language = models.CharField(_("language"), max_length=10, blank=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering: ClassVar = ["family_name", "given_name", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint("organization", Lower("number"), name="person_number_unique"),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["organization", "family_name", "given_name"], name="person_by_name"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """Both names as written on a badge."""
        return f"{self.given_name} {self.family_name}".strip()


class Employment(Identified):
    """A person's place in a unit over a time; `ends_on` is the last day, empty while it lasts."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="employments")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="employments")
    position = models.ForeignKey(
        Position, models.PROTECT, null=True, blank=True, related_name="employments"
    )
    manager = models.ForeignKey(
        Person, models.SET_NULL, null=True, blank=True, related_name="reporting_employments"
    )
    shift = models.ForeignKey(
        Shift, models.SET_NULL, null=True, blank=True, related_name="employments"
    )
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"), null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-starts_on"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person"],
                condition=models.Q(ends_on__isnull=True),
                name="employment_one_open",
            ),
            models.CheckConstraint(
                condition=models.Q(ends_on__isnull=True)
                | models.Q(ends_on__gte=models.F("starts_on")),
                name="employment_ends_after_start",
            ),
        ]


class AccountManager(BaseUserManager["Account"]):
    """Makes accounts; the name is compared without regard to case."""

    def get_by_natural_key(self, username: str | None) -> Account:
        """The account with this sign-in name."""
        return self.get(username__iexact=username)


class Account(Identified, AbstractBaseUser):
    """A way to sign in. It may act in several organizations, through a membership in each."""

    username = models.CharField(_("sign-in name"), max_length=150)
    email = models.EmailField(_("email"), blank=True)
    name = models.CharField(_("name"), max_length=200)
    language = models.CharField(_("language"), max_length=10, blank=True)
    is_active = models.BooleanField(_("may sign in"), default=True)
    created_at = models.DateTimeField(db_default=Now())

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"

    objects = AccountManager()

    class Meta:
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [
            models.UniqueConstraint(Lower("username"), name="account_username_unique"),
            models.UniqueConstraint(
                Lower("email"), condition=~models.Q(email=""), name="account_email_unique"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Role(models.TextChoices):
    """What an account may be in an organization (docs: the domain's 'role of an account')."""

    WORKER = "worker", _("Worker")
    ASSESSOR = "assessor", _("Assessor")
    TRAINER = "trainer", _("Trainer")
    MANAGER = "manager", _("Manager")
    PROGRAMME_OWNER = "programme_owner", _("Training lead")
    QUALITY_REVIEWER = "quality_reviewer", _("Quality reviewer")
    ADMINISTRATOR = "administrator", _("Administrator")
    AUDITOR = "auditor", _("Auditor")


class Membership(Identified):
    """An account in an organization: its roles there, and the person it acts as."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="memberships")
    organization = models.ForeignKey(Organization, models.CASCADE, related_name="memberships")
    person = models.OneToOneField(
        Person, models.SET_NULL, null=True, blank=True, related_name="membership"
    )
    roles = ArrayField(models.CharField(max_length=30, choices=Role), verbose_name=_("roles"))

    class Meta:
        ordering: ClassVar = ["account__name"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "organization"], name="membership_unique"),
            models.CheckConstraint(
                condition=models.Q(roles__contained_by=list(Role.values)),
                name="membership_roles_known",
            ),
        ]

    @property
    def role_names(self) -> list[str]:
        """The roles for people."""
        return [str(Role(role).label) for role in self.roles]


class ApiToken(Identified):
    """A secret with which a program acts as a membership; only its hash is kept."""

    membership = models.ForeignKey(Membership, models.CASCADE, related_name="api_tokens")
    name = models.CharField(_("what it is for"), max_length=120)
    token_hash = models.BinaryField(max_length=32, unique=True)
    created_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField(_("valid until"))
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-created_at"]


class PeopleUpload(Identified):
    """An HR file kept from its preview until it is confirmed; one for each account."""

    organization = models.ForeignKey(Organization, models.CASCADE, related_name="people_uploads")
    account = models.ForeignKey(Account, models.CASCADE, related_name="people_uploads")
    file_name = models.CharField(max_length=200)
    data = models.BinaryField()
    create_units_at = models.ForeignKey(
        Site, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization", "account"], name="people_upload_one_each"
            ),
        ]
