"""Django: middleware classes, fields, views, the admin, as people edit them all day; each edit is taken back."""

from __future__ import annotations

import pytest
from adapters_program import Program

pytestmark = pytest.mark.slow

CONF = """
    SECRET_KEY = "x"
    ROOT_URLCONF = "urls"
    ALLOWED_HOSTS = ["*"]
    INSTALLED_APPS = ["django.contrib.admin", "django.contrib.auth", "django.contrib.contenttypes", "shop"]
    MIDDLEWARE = ["mw.Tag"]
    DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
    DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
"""
FILES = {
    "conf": CONF,
    "mw": """
        class Tag:
            def __init__(self, get_response):
                self.get_response = get_response
            def __call__(self, request):
                return self.get_response(request)
            def process_view(self, request, view, args, kwargs):
                request.seen = view.__name__
    """,
    "urls": """
        from django.urls import path
        from shop import views
        urlpatterns = [path("a/", views.first), path("b/", views.second)]
    """,
    "shop____init__": "",
    "shop__models": """
        from django.db import models
        class Kind(models.TextChoices):
            A = "a", "Aye"
        class Item(models.Model):
            price = models.IntegerField(default=3, help_text="in cents")
            kind = models.CharField(max_length=1, choices=Kind.choices, default=Kind.A)
            @property
            def label(self):
                return "m1"
    """,
    "shop__forms": """
        from django import forms
        from shop.models import Item
        class ItemForm(forms.ModelForm):
            class Meta:
                model = Item
                fields = ["price", "kind"]
    """,
    "shop__admin": """
        from django.contrib import admin
        from shop.models import Item
        @admin.register(Item)
        class ItemAdmin(admin.ModelAdmin):
            list_display = ["price"]
    """,
    "shop__views": """
        from django.http import HttpResponse
        from django.views.decorators.http import require_GET, require_http_methods
        @require_GET
        def first(request):
            return HttpResponse(getattr(request, "seen", "-"))
        @require_GET
        def second(request):
            return HttpResponse("second")
    """,
}
RUN = """
    import os
    os.environ["DJANGO_SETTINGS_MODULE"] = "conf"
    import django
    django.setup()
    from django.contrib import admin
    from django.test import Client
    from shop.models import Item
    import shop.forms, shop.admin
    client = Client(raise_request_exception=False)
    def got(path, method="get"):
        r = getattr(client, method)(path)
        return r.content.decode() if r.status_code == 200 else r.status_code
    item = Item()
    got("/a/")
"""


@pytest.fixture
def shop(program: Program) -> Program:
    program.write(**FILES)
    program.run(RUN)
    return program


def test_a_hook_of_middleware_comes_and_goes(shop: Program) -> None:
    text = shop.path("mw").read_text()
    assert shop.ask("got('/a/')") == "first"
    assert shop.save(mw=text[: text.index("    def process_view")]) == []
    assert shop.ask("got('/a/')") == "-"
    assert shop.save(mw=text) == []
    assert shop.ask("got('/a/')") == "first"


def test_a_view_that_takes_other_methods_changes_no_other_view(shop: Program) -> None:
    text = shop.path("shop__views").read_text()
    edited = text.replace("@require_GET\ndef first", "@require_http_methods(['GET', 'POST'])\ndef first")
    assert shop.save(shop__views=edited) == []
    assert shop.ask("got('/a/', 'post'), got('/b/', 'post')") == ["first", 405]
    assert shop.save(shop__views=text) == []
    assert shop.ask("got('/a/', 'post'), got('/a/')") == [405, "first"]


def test_what_is_no_matter_of_the_table_follows(shop: Program) -> None:
    asked = (
        "Item().price, Item._meta.get_field('price').help_text, [c[0] for c in Item._meta.get_field('kind').choices]"
    )
    form = "(f := shop.forms.ItemForm()).fields['price'].initial, len(f.fields['kind'].choices)"
    text = shop.path("shop__models").read_text()
    assert shop.edit("shop__models", "default=3", "default=4", "in cents", "in euros") == []
    assert shop.edit("shop__models", '"Aye"', '"Aye"\n    B = "b", "Bee"') == []
    assert (shop.ask(asked), shop.ask(form)) == ([4, "in euros", ["a", "b"]], [4, 2])
    assert shop.save(shop__models=text) == []
    assert (shop.ask(asked), shop.ask(form)) == ([3, "in cents", ["a"]], [3, 1])
    assert shop.edit("shop__models", "max_length=1", "max_length=2") == ["RLD701"]


def test_a_cached_property_in_the_place_of_a_property(shop: Program) -> None:
    text = shop.path("shop__models").read_text()
    cached = "from functools import cached_property\n    @cached_property\n    def"
    assert shop.edit("shop__models", "@property\n    def", cached, "m1", "m2") == []
    assert shop.ask("item.label, Item().label") == ["m2", "m2"]
    assert shop.save(shop__models=text) == []
    assert shop.ask("Item().label") == "m1"


def test_an_admin_is_no_longer_registered_and_registered_again(shop: Program) -> None:
    text = shop.path("shop__admin").read_text()
    assert shop.save(shop__admin=text.replace("@admin.register(Item)\n", "")) == []
    assert shop.ask("Item in admin.site._registry") is False
    assert shop.save(shop__admin=text.replace('["price"]', '["kind"]')) == []
    asked = "(a := admin.site._registry[Item]).list_display, type(a) is shop.admin.ItemAdmin, a.check()"
    assert shop.ask(asked) == [["kind"], True, []]
