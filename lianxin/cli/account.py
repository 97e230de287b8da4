"""Opens, resets and shuts the account of a person, at the terminal of the machine."""

import argparse

from django.utils import timezone

from lianxin.registry.actions import Stamp, drop_second, invite, open_again, reset, shut
from lianxin.registry.models import Invitation, Person
from lianxin.registry.refusal import NotPossible
from lianxin.trouble import Trouble
from lianxin.web.account.invitations import lines
from lianxin.web.why_not import trouble_of
from lianxin.web.words import say

words = "账号：邀请、重设、停用、启用 · invite a person, reset or shut an account"
INVITING = {"invite": invite, "reset": reset, "enable": open_again}
VERBS = {
    "invite": "打印邀请 · print an invitation",
    "reset": "密码马上失效，重新邀请 · the password stops at once, invite anew",
    "disable": "马上全部退出，不能再登录 · out everywhere at once, and not in again",
    "enable": "重新启用并邀请 · open it again and invite",
    "one-step": "取消两步登录 · take the second step off",
}


def add(parser: argparse.ArgumentParser) -> None:
    rows = parser.add_subparsers(required=True, dest="verb", metavar="<verb>")
    for verb, help_ in VERBS.items():
        rows.add_parser(verb, help=help_).add_argument("person", help="用户名 · username")


def run(args: argparse.Namespace) -> int:
    person = Person.objects.filter(username=args.person).first()
    if person is None:
        raise trouble("account.cli.nobody", name=args.person[:80])
    stamp = Stamp(None, timezone.now())
    try:
        if args.verb in INVITING:
            show(*INVITING[args.verb](stamp, person))
        elif args.verb == "disable":
            shut(stamp, person)
            tell("shut", person)
        else:
            tell("dropped" if drop_second(stamp, person) else "no_second", person)
    except NotPossible as no:
        raise trouble_of(no) from no
    return 0


def show(secret: str, made: Invitation) -> None:
    print(*lines(secret, made), sep="\n")


def tell(key: str, person: Person) -> None:
    for lang in ("zh", "en"):
        print(say(f"account.cli.{key}", lang, name=person.username))


def trouble(key: str, **facts: object) -> Trouble:
    return Trouble(*(say(key, lang, **facts) for lang in ("zh", "en")))
