"""Every address of the house. Each view declares `@access(…)`; a test walks this table."""

from django.conf import settings
from django.urls import include, path

from lianxin.web import (
    areas,
    board,
    clock,
    door,
    file,
    lists,
    look,
    new,
    orders,
    photos,
    pool,
    register,
    services,
    sheets,
    shell,
    sign_in,
    switches,
    today,
    track,
)

urlpatterns = [
    path("", shell.home, name="home"),
    path("login", sign_in.sign_in, name="login"),
    path("logout", sign_in.sign_out, name="logout"),
    path("switch", switches.switch, name="switch"),
    path("healthz", shell.healthz, name="healthz"),
    path("desk", lists.desk, name="desk"),
    path("desk/fresh", lists.fresh, {"name": "desk"}, name="desk_fresh"),
    path("desk/card/<str:number>", lists.again, {"name": "desk"}, name="desk_card"),
    path("unit", lists.unit, name="unit"),
    path("unit/fresh", lists.fresh, {"name": "unit"}, name="unit_fresh"),
    path("unit/card/<str:number>", lists.again, {"name": "unit"}, name="unit_card"),
    path("today", today.today, name="today"),
    path("pool", pool.taking, name="pool"),
    path("new/<slug:door>", new.new, name="new"),
    path("board", board.board, name="board"),
    path("areas/<str:path>.geojson", areas.areas, name="areas"),
    path("orders", register.register, name="register"),
    path("orders.<str:kind>", sheets.register_sheet, name="register_sheet"),
    path("orders/<str:number>", orders.order, name="order"),
    path("orders/<str:number>/undo", orders.undo, name="undo"),
    path("orders/<str:number>/<str:verb>", orders.step, name="step"),
    path("photos/<uuid:id>", photos.photo, name="photo"),
    path("d/<str:code>", door.door, name="door"),
    path("file", file.what, name="file"),
    path("file/where", file.where, name="file_where"),
    path("file/send", file.send, name="file_send"),
    path("file/photo/<str:token>", file.draft_photo, name="draft_photo"),
    path("services", services.catalogue, name="services"),
    path("services/<slug:kind>", services.kind, name="services_kind"),
    path("track", track.find, name="track"),
    path("o/<str:secret>", track.asked, name="asked"),
    path("o/<str:secret>/sent", track.sent, name="sent"),
    path("o/<str:secret>/photos/<uuid:id>", track.photo, name="asked_photo"),
    path("o/<str:secret>/<slug:verb>", track.step, name="asked_step"),
    path("clock", clock.clock, name="clock"),
    path("api/v1/", include("lianxin.web.api")),
]

if settings.DEBUG:
    urlpatterns += [path("look", look.look, name="look")]
