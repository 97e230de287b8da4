"""A person has a name, perhaps a phone that only the key can read, and perhaps an account."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser
from django.db import models

from lianxin.registry import secret
from lianxin.registry.models.area import Area


class People(models.Manager):
    """Django's login asks for these; everything else goes through actions."""

    def get_by_natural_key(self, username: str) -> Person:
        return self.get(username=username)

    def create_user(self, username: str, password: str | None = None, **fields: object) -> Person:
        """Without a password the account exists and cannot be logged into."""
        person = self.model(username=username, **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def with_phone(self, phone: str) -> models.QuerySet[Person]:
        return self.filter(phone_blind=secret.blind(secret.PHONE, secret.digits(phone)))

    def with_phone_tail(self, tail: str) -> models.QuerySet[Person]:
        """Persons whose phone ends in these four digits."""
        return self.filter(phone_tail=secret.blind(secret.TAIL, secret.digits(tail)[-4:]))


class Person(AbstractBaseUser):
    """Someone the house knows. Set and read `phone` and `mail` as text; they are kept sealed.

    `ways` is how they wish to be told of what, where they have chosen: "staff=bell urgent=mail".
    `spelt`: the initials of the name as it may be read, " lxm sxm" (单雪梅). `became`: the same
    person under another row, to which whatever is new goes; what was stays where it was.
    """

    class Language(models.TextChoices):
        ZH = "zh", "中文"
        EN = "en", "English"

    username = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=64, db_index=True)
    phone_sealed = models.BinaryField(null=True)
    phone_blind = models.CharField(max_length=32, null=True, db_index=True, db_collation="C")
    phone_tail = models.CharField(max_length=32, null=True, db_index=True, db_collation="C")
    mail_sealed = models.BinaryField(null=True)
    home = models.ForeignKey(Area, models.PROTECT, null=True, related_name="residents")
    language = models.CharField(max_length=2, choices=Language, default=Language.ZH)
    is_active = models.BooleanField(default=True)
    is_operator = models.BooleanField(default=False)
    ways = models.CharField(max_length=80, default="", db_default="")
    spelt = models.CharField(max_length=120, default="", db_default="", db_collation="C")
    became = models.ForeignKey("self", models.PROTECT, null=True, related_name="merged")

    objects = People()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def phone(self) -> str:
        """The phone in clear, or "" when there is none."""
        return secret.unseal(secret.PHONE, self.phone_sealed) if self.phone_sealed else ""

    @phone.setter
    def phone(self, value: str) -> None:
        plain = secret.digits(value or "")
        self.phone_sealed = secret.seal(secret.PHONE, plain) if plain else None
        self.phone_blind = secret.blind(secret.PHONE, plain) if plain else None
        self.phone_tail = secret.blind(secret.TAIL, plain[-4:]) if plain else None

    @property
    def mail(self) -> str:
        """The address for mail in clear, or "" when there is none."""
        return secret.unseal(secret.MAIL, self.mail_sealed) if self.mail_sealed else ""

    @mail.setter
    def mail(self, value: str) -> None:
        self.mail_sealed = secret.seal(secret.MAIL, value.strip()) if value.strip() else None


class PersonSkill(models.Model):
    """Something a person can do and wants to be asked for."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="skills")
    skill = models.CharField(max_length=40, db_index=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["person", "skill"], name="person_skill_once"),
        )
