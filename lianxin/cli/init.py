"""Makes an empty place: its name, its topmost area, and its first administrator, invited."""

import argparse
import re

from django.db import transaction
from django.utils import timezone

from lianxin import place
from lianxin.cli import setup
from lianxin.core.place import path as paths
from lianxin.core.place.code import CodeError
from lianxin.core.place.code import check as official
from lianxin.core.place.path import PathError
from lianxin.orders.models import Order
from lianxin.registry.actions import Stamp, add_person, appoint, invite, open_top
from lianxin.registry.models import Area, Invitation, Person
from lianxin.trouble import Trouble
from lianxin.web.account.invitations import lines
from lianxin.web.demo_flag import is_demo
from lianxin.web.words import say

words = (
    "新建一个空的地方：名称、最上级区域、第一位管理员 · an empty place and its first administrator"
)
USERNAME = re.compile(r"[\w.@+-]{1,64}")
NOWHERE_YET = "Z000000001"  # a zone of no county, for who has no code at hand


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--name", required=True, help="这里叫什么 · what the place is called")
    parser.add_argument("--first", required=True, metavar="USERNAME", help="第一位管理员的用户名")
    parser.add_argument("--person", default="", help="这位管理员的姓名 · the administrator's name")
    parser.add_argument("--root", metavar="CODE", help="区划代码，如县 522601 · the area's code")


def run(args: argparse.Namespace) -> int:
    name, root = checked(args)
    setup.migrate()
    must_be_empty()
    secret, made = found(name, root, args.first, args.person.strip() or args.first)
    place.call(name)
    for lang in ("zh", "en"):
        print(say("init.done", lang, name=name, path=root))
        if not args.root:
            print(say("init.no_root", lang, path=root))
        print(say("init.next", lang))
    print("", *lines(secret, made), sep="\n")
    return 0


def checked(args: argparse.Namespace) -> tuple[str, str]:
    """Name and path, before anything is looked for. Raises Trouble."""
    name = " ".join(args.name.split())
    if not 0 < len(name) <= place.LONGEST:
        raise trouble("bad_name", most=place.LONGEST)
    if not USERNAME.fullmatch(args.first):
        raise trouble("bad_first", name=args.first[:80])
    return name, checked_root(args.root) if args.root else NOWHERE_YET


def checked_root(code: str) -> str:
    """A path, or an official code with the zeros that fill it up. Raises Trouble."""
    try:
        path = paths.check(code if paths.second(code) else paths.trim(code))
        return path if paths.second(path) else official(path)
    except (PathError, CodeError) as wrong:
        raise trouble("bad_root", path=code[:40]) from wrong


def must_be_empty() -> None:
    there = {"people": Person, "areas": Area, "orders": Order}
    what = next((word for word, model in there.items() if model.objects.exists()), "")
    what = what or ("demo" if is_demo() else "") or ("name" if place.place() else "")
    if what:
        both = (say(f"init.what.{what}", lang) for lang in ("zh", "en"))
        told = zip(("zh", "en"), both, strict=True)
        raise Trouble(*(say("init.not_empty", lang, what=word) for lang, word in told))


@transaction.atomic
def found(name: str, root: str, username: str, person: str) -> tuple[str, Invitation]:
    """The area, its desk, and the one who holds it and keeps the machine."""
    stamp = Stamp(None, timezone.now())
    area = open_top(stamp, root, name, stamp.day)
    first = add_person(stamp, person, username, is_operator=True)
    appoint(stamp, first, "desk", stamp.day, area=area)
    return invite(stamp, first)


def trouble(key: str, **facts: object) -> Trouble:
    return Trouble(*(say(f"init.{key}", lang, **facts) for lang in ("zh", "en")))
