# ruff: noqa: E501
"""django-oscar, a shop on Django from PyPI (300 modules, classes loaded by name), served by Django, edited while it serves."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from driver import installed, packages_of
from edits import Edit, trials
from oscar_shop import FILES, FILL
from served import Served

PACKAGES = ("django-oscar==4.2.1", "Django==5.2.19", "pillow==13.0.0", "factory_boy==3.3.3")
DETAIL, LIST, LOGIN, BASKET = (
    "GET /catalogue/a-brass-kettle_1/",
    "GET /catalogue/",
    "GET /accounts/login/",
    "GET /basket/",
)
REGISTER = "POST /accounts/login/ registration_submit=1&registration-email=nobody&registration-password1=a&registration-password2=b"
VIEWS, MODELS, SETTINGS = (
    "oscar/apps/catalogue/views.py",
    "oscar/apps/catalogue/abstract_models.py",
    "frobshop/settings.py",
)
URLS = "oscar/apps/catalogue/apps.py"
EDITS = (
    Edit("the body of a view method", [("oscar/apps/search/views/catalogue.py", '_("All products")', '_("Everything")')], [LIST]),
    Edit("a class attribute of a view: its template", [("oscar/apps/search/views/catalogue.py", '"oscar/catalogue/browse.html"', '"oscar/403.html"')], [LIST]),
    Edit("a method added to a view", [(VIEWS, "    def is_viewable(self, product, request):\n", "    def is_viewable(self, product, request):\n        return self.is_shown(product)\n\n    def is_shown(self, product):\n        return product.pk > 1\n\n    def was_viewable(self, product, request):\n")], [DETAIL]),
    Edit("a mixin added to a view's bases", [(VIEWS, "class ProductDetailView(DetailView):\n", "class Tagged:\n    def render_to_response(self, context, **kwargs):\n        response = super().render_to_response(context, **kwargs)\n        response['X-Tag'] = 'mixed in'\n        return response\n\n\nclass ProductDetailView(Tagged, DetailView):\n")], [DETAIL]),
    Edit("a template", [("oscar/templates/oscar/catalogue/detail.html", "{% block content %}", "{% block content %}<b>edited</b>")], [DETAIL]),
    Edit("a template that another includes", [("oscar/templates/oscar/catalogue/partials/stock_record.html", "{% load currency_filters %}", "{% load currency_filters %}<i>edited</i>")], [DETAIL]),
    Edit("a template filter", [("oscar/templatetags/currency_filters.py", "    return format_currency(value, **kwargs)\n", "    return format_currency(value, **kwargs) + ' net'\n")], [DETAIL]),
    Edit("a template filter added, and used", [("oscar/templatetags/currency_filters.py", 'register = template.Library()\n', 'register = template.Library()\n\n\n@register.filter\ndef net(value):\n    return value - 1\n'), ("oscar/templates/oscar/catalogue/partials/stock_record.html", "{% load currency_filters %}", "{% load currency_filters %}{{ 5|net }}")], [DETAIL]),
    Edit("a method of an abstract model", [(MODELS, "    def get_title(self):\n", "    def get_title(self):\n        return 'A copper kettle'\n\n    def get_old_title(self):\n")], [DETAIL, LIST]),
    Edit("a property added to an abstract model, used by a template", [(MODELS, "    def get_title(self):\n", "    @property\n    def shout(self):\n        return self.title.upper()\n\n    def get_title(self):\n"), ("oscar/templates/oscar/catalogue/detail.html", "{% block content %}", "{% block content %}{{ product.shout }}")], [DETAIL]),
    Edit("the ordering in the Meta of an abstract model", [(MODELS, '        ordering = ["-date_created"]\n        verbose_name = _("Product")', '        ordering = ["-date_updated"]\n        verbose_name = _("Article")')], ["GET /meta/"], "said RLD701"),
    Edit("a field added to an abstract model", [(MODELS, "    is_public = models.BooleanField(\n        _(\"Is public\"),\n        default=True,\n        db_index=True,\n        help_text=_(\"Show this product in search", "    weight = models.IntegerField(default=0)\n    is_public = models.BooleanField(\n        _(\"Is public\"),\n        default=True,\n        db_index=True,\n        help_text=_(\"Show this product in search")], [DETAIL], "said RLD701"),
    Edit("a model manager's method", [("oscar/apps/catalogue/managers.py", "        return self.filter(parent=None, is_public=True)", "        return self.none()")], ["GET /meta/"]),
    Edit("a field of a form: its label", [("oscar/apps/customer/forms.py", 'password1 = forms.CharField(label=_("Password")', 'password1 = forms.CharField(label=_("Secret")')], [LOGIN]),
    Edit("a field added to a form", [("oscar/apps/customer/forms.py", '    password2 = forms.CharField(label=_("Confirm password")', '    newsletter = forms.BooleanField(required=False)\n    password2 = forms.CharField(label=_("Confirm password")')], [LOGIN]),
    Edit("a form's validation", [("oscar/apps/customer/forms.py", '        email = normalise_email(self.cleaned_data["email"])\n        if User', '        email = normalise_email(self.cleaned_data["email"])\n        raise forms.ValidationError("nobody may")\n        if User')], ["GET /clean/"]),
    Edit("a URL added inside of a method of an application's configuration", [(URLS, '            path("", self.catalogue_view.as_view(), name="index"),\n', '            path("", self.catalogue_view.as_view(), name="index"),\n            path("all/", self.catalogue_view.as_view(), name="all"),\n')], ["GET /catalogue/all/"]),
    Edit("a URL added to the project", [("frobshop/urls.py", '    path("born/", born),\n', '    path("born/", born),\n    path("born/again/", born),\n')], ["GET /born/again"]),
    Edit("a URL removed from the project", [("frobshop/urls.py", '    path("i18n/", include("django.conf.urls.i18n")),\n', "    # no i18n\n")], ["POST /i18n/setlang/ language=de"]),
    Edit("a value of the settings", [(SETTINGS, 'OSCAR_SHOP_NAME = "Frobshop"', 'OSCAR_SHOP_NAME = "Edited"')], [LIST]),
    Edit("a value of the settings' defaults, in another module", [("oscar/defaults.py", 'OSCAR_DEFAULT_CURRENCY = "GBP"', 'OSCAR_DEFAULT_CURRENCY = "EUR"')], [DETAIL]),
    Edit("a middleware in the settings", [(SETTINGS, '    "oscar.apps.basket.middleware.BasketMiddleware",\n', '    "oscar.apps.basket.middleware.BasketMiddleware",\n    "django.middleware.clickjacking.XFrameOptionsMiddleware",\n')], [LIST]),
    Edit("a context processor in the settings", [(SETTINGS, '        "oscar.core.context_processors.metadata",\n'.strip(" \n").rstrip(","), '"django.template.context_processors.tz"')], [LIST]),
    Edit("a method of a middleware", [("oscar/apps/basket/middleware.py", "        response = self.get_response(request)\n", "        response = self.get_response(request)\n        response['X-Basket'] = '1'\n")], [LIST]),
    Edit("a context processor", [("oscar/core/context_processors.py", '"shop_tagline": settings.OSCAR_SHOP_TAGLINE', '"shop_tagline": "The best kettles"')], [LIST]),
    Edit("a signal receiver's body, and a signal receiver added", [("frobshop/receivers.py", 'response["X-Seen"] = "1"', 'response["X-Seen"] = "2"'), ("frobshop/receivers.py", "# more\n", "@receiver(product_viewed)\ndef viewed(response, **kwargs):\n    response['X-Viewed'] = '1'\n\n\n# more\n")], [DETAIL]),
    Edit("a syntax error", [(VIEWS, "class ProductDetailView(DetailView):", "class ProductDetailView(DetailView:")], [DETAIL], "refused RLD901"),
)  # fmt: skip


class Oscar:
    """The shop with one product."""

    name = "django-oscar"
    edits = EDITS
    first = "frobshop/urls.py"
    kept = "GET /born/"

    def prepare(self, workspace: Path) -> None:
        python = installed("oscar", *PACKAGES)
        shutil.copytree(
            packages_of(python) / "oscar", workspace / "oscar", ignore=shutil.ignore_patterns("static", "locale")
        )
        for name, text in FILES.items():
            (workspace / name).parent.mkdir(exist_ok=True)
            (workspace / name).write_text(text)
        env = {**os.environ, "DJANGO_SETTINGS_MODULE": "frobshop.without_migrations", "PYTHONPATH": str(workspace)}
        subprocess.run([python / "python", "-c", FILL], cwd=workspace, env=env, check=True)

    def start(self, workspace: Path, env: dict[str, str], live: bool) -> Served:
        command = [installed("oscar", *PACKAGES) / "python", "manage.py", "runserver", "--noreload", "PORT"]
        return Served(
            command, workspace, env, live, r'name="created" content="[^"]*"|(?<=csrfmiddlewaretoken" value=")\w+'
        )


test_sample, test_edits = trials(Oscar(), sample=("a property added to an abstract model, used by a template",))
