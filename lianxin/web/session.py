"""Sessions as Django keeps them in the database, read by a statement that is written once.

Every page of somebody signed in begins with this row and with the person's own: building the two
queries anew costs several times what asking them does.
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import BaseBackend, ModelBackend
from django.contrib.sessions.backends import db
from django.db import connection
from django.http import HttpRequest
from django.utils import timezone

from lianxin.registry.actions import take_code
from lianxin.registry.models import Person
from lianxin.registry.queries import person_by_key

READ = "SELECT session_data FROM django_session WHERE session_key = %s AND expire_date > %s"


class SessionStore(db.SessionStore):
    def load(self) -> dict[str, Any]:
        with connection.cursor() as cursor:
            cursor.execute(READ, [self.session_key, timezone.now()])
            row = cursor.fetchone()
        if row is None:
            self._session_key = None
            return {}
        return self.decode(row[0])


class Backend(ModelBackend):
    """Django's way in by name and password; whoever is inactive is nobody from that moment on."""

    def get_user(self, user_id: int) -> Person | None:
        found = person_by_key(user_id, timezone.now())
        if found is None or not self.user_can_authenticate(found[0]):
            return None
        person, person.held = found  # what they may act as came with them: `who_is` asks no more
        return person


class SecondStep(BaseBackend):
    """Asked only for somebody whose password was right just now. It stands among the ways in so
    that wrong codes are counted, and slowed, where wrong passwords are."""

    def authenticate(
        self, request: HttpRequest | None, *, username: str, code: str
    ) -> Person | None:
        person = Person.objects.filter(username=username, is_active=True).first()
        return person if person and take_code(person, code, timezone.now()) else None
