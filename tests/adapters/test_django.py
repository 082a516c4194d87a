"""Django: what it resolves once and keeps."""

from __future__ import annotations

import pytest
from adapters_program import Program

pytestmark = pytest.mark.slow

FILES = {
    "conf": """
        import os
        HERE = os.path.dirname(os.path.abspath(__file__))
        DEBUG = False
        SECRET_KEY = "x"
        ROOT_URLCONF = "urls"
        ALLOWED_HOSTS = ["*"]
        INSTALLED_APPS = ["shop"]
        MIDDLEWARE = ["mw.first"]
        DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
        DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
        TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "DIRS": [os.path.join(HERE, "templates")]}]
        PAGE_SIZE = 10
    """,
    "mw": """
        def first(get_response):
            def call(request):
                r = get_response(request)
                r["X-Tag"] = "1"
                return r
            return call
    """,
    "urls": """
        from django.urls import path, include
        from shop import views
        urlpatterns = [
            path("", views.index),
            path("shop/", include("shop.urls")),
        ]
    """,
    "shop____init__": "",
    "shop__urls": """
        from django.urls import path
        from shop import views
        urlpatterns = [path("list/", views.listing, name="listing")]
    """,
    "shop__models": """
        from django.db import models
        class Item(models.Model):
            name = models.CharField(max_length=20)
            def label(self):
                return "m1 " + self.name
    """,
    "shop__views": """
        from django.conf import settings
        from django.http import HttpResponse
        from django.shortcuts import render
        from shop.models import Item
        def index(request):
            return HttpResponse("i %d" % settings.PAGE_SIZE)
        def listing(request):
            return render(request, "i.html", {"n": Item.objects.count()})
    """,
    "i_html": "one {{ n }}",
}
RUN = """
    import os
    os.environ["DJANGO_SETTINGS_MODULE"] = "conf"
    import django
    django.setup()
    from django.db import connection
    from shop.models import Item
    with connection.schema_editor() as editor:
        editor.create_model(Item)
    from django.test import Client
    client = Client(raise_request_exception=False)
    def get(p):
        r = client.get(p)
        return r.content.decode()[:40] if r.status_code == 200 else r.status_code
    item = Item.objects.create(name="a")
    get("/"), get("/shop/list/")
"""


@pytest.fixture
def shop(program: Program) -> Program:
    program.write(**FILES)
    program.run(RUN)
    return program


def test_urls(shop: Program) -> None:
    codes = shop.edit("urls", 'path("", views.index),', 'path("", views.index),\n    path("new/", views.index),')
    assert codes or shop.ask("get('/new/')") == "i 10"
    codes = shop.edit("shop__urls", '"list/"', '"all/"')
    assert codes or shop.ask(
        "get('/shop/all/'), get('/shop/list/'), __import__('django.urls').urls.reverse('listing')"
    ) == ["one 1", 404, "/shop/all/"]
    codes = shop.save(
        shop__views=shop.path("shop__views").read_text() + "\ndef more(request):\n    return HttpResponse('m')\n",
        shop__urls='from django.urls import path\nfrom shop import views\nurlpatterns = [path("more/", views.more)]\n',
    )
    assert codes or shop.ask("get('/shop/more/'), get('/shop/all/')") == ["m", 404]


def test_settings(shop: Program) -> None:
    codes = shop.edit("conf", "PAGE_SIZE = 10", "PAGE_SIZE = 20")
    assert codes or shop.ask("get('/')") == "i 20"
    codes = shop.edit("conf", "PAGE_SIZE = 20", "PAGE_SIZE = 20\nEXTRA = 1")
    assert codes or shop.ask("__import__('django.conf').conf.settings.EXTRA") == 1
    assert shop.edit("conf", 'INSTALLED_APPS = ["shop"]', 'INSTALLED_APPS = ["shop", "django.contrib.messages"]')
    codes = shop.edit("conf", 'MIDDLEWARE = ["mw.first"]', "MIDDLEWARE = []")
    assert codes or shop.ask("client.get('/').headers.get('X-Tag')") is None


def test_middleware_function(shop: Program) -> None:
    codes = shop.edit("mw", 'r["X-Tag"] = "1"', 'r["X-Tag"] = "2"')
    assert codes or shop.ask("client.get('/').headers.get('X-Tag')") == "2"


def test_templates(shop: Program) -> None:
    shop.path("i_html").write_text("two {{ n }}")
    assert shop.reload() == []
    assert shop.ask("get('/shop/list/')") == "two 1"


def test_model_fields_and_methods(shop: Program) -> None:
    codes = shop.edit("shop__models", "max_length=20)", "max_length=20)\n    price = models.IntegerField(default=0)")
    assert codes
    assert shop.ask("item.label(), Item is __import__('django.apps').apps.apps.get_model('shop.Item')") == [
        "m1 a",
        True,
    ]
    codes = shop.edit(
        "shop__models",
        "def label(self)",
        "def shout(self):\n        return self.name.upper()\n    def label(self)",
        "m1",
        "m2",
    )
    assert shop.ask("item.label(), item.shout()") == ["m2 a", "A"]


def test_model_manager_and_meta(shop: Program) -> None:
    codes = shop.edit(
        "shop__models", "def label(self)", 'class Meta:\n        ordering = ["-name"]\n    def label(self)'
    )
    shop.run("Item.objects.create(name='b')")
    assert codes or shop.ask("[i.name for i in Item.objects.all()]") == ["b", "a"]


def test_a_new_model_does_no_harm(shop: Program) -> None:
    text = shop.path("shop__models").read_text()
    shop.save(shop__models=text + "\nclass Tag(models.Model):\n    word = models.CharField(max_length=5)\n")
    assert shop.ask("get('/')") == "i 10"


def test_signal_receivers(shop: Program) -> None:
    shop.write(
        recv="""
        from django.db.models.signals import post_save, pre_save
        from django.dispatch import Signal, receiver
        from shop.models import Item
        log = []
        ordered = Signal()
        @receiver(post_save, sender=Item)
        def saved(sender, instance, **kw):
            log.append("saved")
        @receiver([post_save], sender=Item, dispatch_uid="second")
        def second(sender, **kw):
            log.append("second")
        def plain(sender, **kw):
            log.append("plain")
        ordered.connect(plain)
    """
    )
    shop.run("""
        import recv
        def heard():
            recv.log.clear()
            item.save()
            recv.ordered.send("a")
            return list(recv.log)
    """)
    first = ["saved", "second", "plain"]
    assert shop.ask("heard()") == first
    text = shop.path("recv").read_text()
    gone = text[text.index("@receiver(post") : text.index("@receiver([")]
    edits = (
        ("post_save, sender", "pre_save, sender", first),
        ("post_save, sender=Item", "post_save, sender=recv_sender", ["second", "plain"]),
        ('"saved")', '"edited")', ["edited", "second", "plain"]),
        ('uid="second"', 'uid="other"', first),
        (gone, "", ["second", "plain"]),
        ("connect(plain)", 'connect(plain, sender="b")', ["saved", "second"]),
        ("connect(plain)", 'connect(plain, dispatch_uid="p")', first),
        ("def plain", "@receiver(post_save)\ndef more(sender, **kw):\n    log.append('more')\ndef plain", ["saved", "second", "more", "plain"]),
    )  # fmt: skip
    for old, new, wanted in edits:
        changed = text.replace(old, new).replace("recv_sender", "Signal")
        assert (old, shop.save(recv=changed)) == (old, [])
        assert (old, shop.ask("heard()")) == (old, wanted)
        assert (old, shop.save(recv=text)) == (old, [])
        assert (old, shop.ask("heard()")) == (old, first)


def test_a_setting_that_is_taken_out_again_has_its_default(shop: Program) -> None:
    asked = (
        "(settings := __import__('django.conf').conf.settings).LANGUAGE_CODE, settings.is_overridden('LANGUAGE_CODE')"
    )
    assert shop.edit("conf", "PAGE_SIZE = 10", "PAGE_SIZE = 10\nLANGUAGE_CODE = 'de'") == []
    assert shop.ask(asked) == ["de", True]
    assert shop.edit("conf", "LANGUAGE_CODE = 'de'", "") == []
    assert shop.ask(asked) == ["en-us", False]


def test_an_abstract_models_methods_are_inherited_and_its_fields_are_not(program: Program) -> None:
    models = FILES["shop__models"].replace(
        "class Item(models.Model):",
        "class Named(models.Model):\n            rank = 1\n            class Meta:\n                abstract = True\n        class Item(Named):",
    )
    program.write(**{**FILES, "shop__models": models})
    program.run(RUN)
    assert (
        program.edit("shop__models", "rank = 1", "rank = 2\n    def shout(self):\n        return self.name.upper()")
        == []
    )
    assert program.ask("item.rank, item.shout()") == [2, "A"]
    assert program.edit("shop__models", "rank = 2", "rank = 2\n    size = models.IntegerField(default=0)") == ["RLD701"]


def test_middleware_and_template_engines_are_made_again(shop: Program) -> None:
    assert shop.edit("conf", 'MIDDLEWARE = ["mw.first"]', "MIDDLEWARE = []") == []
    assert shop.ask("client.get('/').headers.get('X-Tag')") is None
    assert shop.edit("conf", "MIDDLEWARE = []", 'MIDDLEWARE = ["mw.first"]') == []
    assert shop.ask("client.get('/').headers.get('X-Tag')") == "1"
    given = '"DIRS": [os.path.join(HERE, "templates")]'
    more = '"OPTIONS": {"string_if_invalid": "none"}'
    shop.path("i_html").write_text("{{ n }} {{ missing }}")
    shop.reload()
    assert shop.edit("conf", given, f"{given}, {more}") == []
    assert shop.ask("get('/shop/list/')") == "1 none"


def test_what_settings_were_at_the_start_is_not_said(shop: Program) -> None:
    assert shop.edit("conf", 'INSTALLED_APPS = ["shop"]', "INSTALLED_APPS = []") == ["RLD702"]
    assert shop.edit("conf", "INSTALLED_APPS = []", 'INSTALLED_APPS = ["shop"]') == []


def test_urls_that_a_method_makes(program: Program) -> None:
    urls = FILES["urls"].replace("from shop import views", "from shop import views\n        from shop.site import site")
    program.write(
        **{
            **FILES,
            "urls": urls.replace(
                'path("", views.index),', 'path("", views.index),\n            path("s/", site.urls),'
            ),
        },
        shop__site="""
            from django.urls import path
            from shop import views
            class Site:
                def get_urls(self):
                    return [path("one/", views.index)]
                @property
                def urls(self):
                    return self.get_urls(), "site", "site"
            site = Site()
        """,
    )
    program.run(RUN)
    assert program.ask("get('/s/one/'), get('/s/two/')") == ["i 10", 404]
    assert program.edit("shop__site", '"one/"', '"two/"') == []
    assert program.ask("get('/s/one/'), get('/s/two/')") == [404, "i 10"]


def test_a_template_filter_comes_and_goes(program: Program) -> None:
    tags = """
        from django import template
        register = template.Library()
        @register.filter
        def twice(v):
            return v * 2
    """
    program.write(**FILES, shop__templatetags____init__="", shop__templatetags__extra=tags)
    program.run(RUN)
    program.path("i_html").write_text("{% load extra %}{{ n|twice }}")
    program.reload()
    assert program.ask("get('/shop/list/')") == "2"
    assert program.save(shop__templatetags__extra=tags.split("@")[0]) == []
    program.path("i_html").write_text("{% load extra %} {{ n|twice }}")
    program.reload()
    assert program.ask("get('/shop/list/')") == 500


def test_what_cannot_be_changed_is_not_said_of_the_text_that_the_model_was_made_of(shop: Program) -> None:
    assert shop.edit("shop__models", "max_length=20", "max_length=30") == ["RLD701"]
    assert shop.edit("shop__models", "max_length=30", "max_length=20") == []


def test_django_managers_converters_and_what_was_made_of_a_setting(program: Program) -> None:
    texts = dict(FILES)
    texts["shop__models"] = """
        from django.db import models
        class Items(models.QuerySet):
            def named(self, name):
                return self.filter(name=name)
        class Item(models.Model):
            name = models.CharField(max_length=20)
            objects = Items.as_manager()
    """
    texts["shop__views"] = """
        from django.conf import settings
        from django.http import HttpResponse
        SIZE = settings.PAGE_SIZE * 2
        class Page:
            size = settings.PAGE_SIZE
        def index(request):
            return HttpResponse(f"{SIZE} {Page.size}")
        def listing(request, n):
            return HttpResponse(str(n))
    """
    texts["shop__urls"] = """
        from django.urls import path, register_converter
        from shop import views
        class Two:
            regex = "[0-9]{2}"
            def to_python(self, value):
                return int(value)
            def to_url(self, value):
                return "%02d" % value
        register_converter(Two, "two")
        app_name = "shop"
        urlpatterns = [path("list/<two:n>/", views.listing, name="listing")]
    """
    program.write(**texts)
    program.run(RUN)
    program.run("from django.urls import reverse")
    assert program.ask("get('/'), get('/shop/list/07/'), reverse('shop:listing', args=[7])") == [
        "20 10", "7", "/shop/list/07/",
    ]  # fmt: skip
    assert program.edit("conf", "PAGE_SIZE = 10", "PAGE_SIZE = 15") == []
    assert program.edit("shop__urls", "{2}", "{3}", "int(value)", "-int(value)", '"shop"', '"store"') == []
    assert program.ask("get('/'), get('/shop/list/07/'), get('/shop/list/007/')") == ["30 15", 404, "-7"]
    assert program.ask("reverse('store:listing', args=[123])") == "/shop/list/123/"
    assert (
        program.edit("shop__models", "def named(", "def like(self, name):\n        return self\n    def called(") == []
    )
    assert program.ask("len(Item.objects.like('b')), hasattr(Item.objects, 'named')") == [1, False]


def test_receivers_are_called_in_the_order_of_their_lines(shop: Program) -> None:
    names = "[answer for _, answer in recv.ordered.send(None)]"
    text = """
        from django.dispatch import Signal, receiver
        ordered = Signal()
        @receiver(ordered)
        def one(sender, **kw):
            return 1
        @receiver(ordered)
        def two(sender, **kw):
            return 2
        def three(sender, **kw):
            return 3
        ordered.connect(three)
        import more
    """
    shop.write(recv=text, more="import recv\n@recv.receiver(recv.ordered)\ndef nine(sender, **kw): return 9\n")
    shop.run("import recv")
    assert shop.ask(names) == [1, 2, 3, 9]
    new = "@receiver(ordered)\ndef half(sender, **kw):\n    return 1.5\n"
    assert shop.edit("recv", "@receiver(ordered)\ndef two", f"{new}@receiver(ordered)\ndef two") == []
    assert shop.ask(names) == [1, 1.5, 2, 3, 9]
    assert (
        shop.edit("recv", "def one(", "def uno(", "ordered.connect(three)", "ordered.connect(three, weak=False)") == []
    )
    assert shop.ask(names) == [1, 1.5, 2, 3, 9]
    first = "@receiver(ordered)\ndef uno(sender, **kw):\n    return 1\n"
    assert shop.edit("recv", first, "", "def three", f"{first}def three") == []
    assert shop.ask(names) == [1.5, 2, 1, 3, 9]
