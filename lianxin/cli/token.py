"""Issues a token with which a program acts as a person; it is shown once."""

import argparse
from datetime import timedelta

from django.utils import timezone

from lianxin.registry.actions import Stamp, issue_token
from lianxin.registry.models import Person
from lianxin.trouble import Trouble
from lianxin.web.words import say

words = "发放接口令牌，只显示一次 · issue a token for a program, shown once"


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("person", help="用户名 · username")
    parser.add_argument("--days", type=_days, help="有效天数 · days it is valid (no end)")


def run(args: argparse.Namespace) -> int:
    person = Person.objects.filter(username=args.person, is_active=True).first()
    if person is None:
        raise Trouble(*(say("import.token.nobody", t, name=args.person) for t in ("zh", "en")))
    now = timezone.now()
    until = now + timedelta(days=args.days) if args.days else None
    plain, _ = issue_token(Stamp(None, now), person, until)
    for lang in ("zh", "en"):
        print(say("import.token.once", lang, name=person.username))
        if until:
            print(say("import.token.until", lang, day=timezone.localdate(until)))
    print(plain)
    return 0


def _days(text: str) -> int:
    number = int(text)
    if not 1 <= number <= 3650:
        raise argparse.ArgumentTypeError("1–3650")
    return number
