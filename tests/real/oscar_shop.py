"""The shop that test_oscar starts: the project around django-oscar, as its documentation has it, with one product."""

SETTINGS = """\
import os
from pathlib import Path

from oscar.defaults import *

BASE_DIR = Path(__file__).resolve().parent.parent
SECRET_KEY = "a long and secret text for the tests"
DEBUG = False
ALLOWED_HOSTS = ["*"]
USE_TZ = True
ROOT_URLCONF = "frobshop.urls"
WSGI_APPLICATION = "frobshop.wsgi.application"
STATIC_URL = "static/"
MEDIA_URL = "media/"
SITE_ID = 1
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
INSTALLED_APPS = [
    "django.contrib.admin", "django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions",
    "django.contrib.messages", "django.contrib.staticfiles", "django.contrib.sites", "django.contrib.flatpages",
    "oscar.config.Shop", "oscar.apps.analytics.apps.AnalyticsConfig", "oscar.apps.checkout.apps.CheckoutConfig",
    "oscar.apps.address.apps.AddressConfig", "oscar.apps.shipping.apps.ShippingConfig",
    "oscar.apps.catalogue.apps.CatalogueConfig", "oscar.apps.catalogue.reviews.apps.CatalogueReviewsConfig",
    "oscar.apps.communication.apps.CommunicationConfig", "oscar.apps.partner.apps.PartnerConfig",
    "oscar.apps.basket.apps.BasketConfig", "oscar.apps.payment.apps.PaymentConfig", "oscar.apps.offer.apps.OfferConfig",
    "oscar.apps.order.apps.OrderConfig", "oscar.apps.customer.apps.CustomerConfig", "oscar.apps.search.apps.SearchConfig",
    "oscar.apps.voucher.apps.VoucherConfig", "oscar.apps.wishlists.apps.WishlistsConfig",
    "oscar.apps.dashboard.apps.DashboardConfig", "oscar.apps.dashboard.reports.apps.ReportsDashboardConfig",
    "oscar.apps.dashboard.users.apps.UsersDashboardConfig", "oscar.apps.dashboard.orders.apps.OrdersDashboardConfig",
    "oscar.apps.dashboard.catalogue.apps.CatalogueDashboardConfig", "oscar.apps.dashboard.offers.apps.OffersDashboardConfig",
    "oscar.apps.dashboard.partners.apps.PartnersDashboardConfig", "oscar.apps.dashboard.pages.apps.PagesDashboardConfig",
    "oscar.apps.dashboard.ranges.apps.RangesDashboardConfig", "oscar.apps.dashboard.reviews.apps.ReviewsDashboardConfig",
    "oscar.apps.dashboard.vouchers.apps.VouchersDashboardConfig",
    "oscar.apps.dashboard.communications.apps.CommunicationsDashboardConfig",
    "oscar.apps.dashboard.shipping.apps.ShippingDashboardConfig",
    "widget_tweaks", "haystack", "treebeard", "django_tables2",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "oscar.apps.basket.middleware.BasketMiddleware",
]
TEMPLATES = [{
    "BACKEND": "django.template.backends.django.DjangoTemplates",
    "DIRS": [],
    "APP_DIRS": True,
    "OPTIONS": {"context_processors": [
        "django.template.context_processors.debug", "django.template.context_processors.request",
        "django.contrib.auth.context_processors.auth", "django.contrib.messages.context_processors.messages",
        "oscar.apps.search.context_processors.search_form", "oscar.apps.checkout.context_processors.checkout",
        "oscar.apps.communication.notifications.context_processors.notifications", "oscar.core.context_processors.metadata",
    ]},
}]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": BASE_DIR / "shop.sqlite3"}}
AUTHENTICATION_BACKENDS = ("oscar.apps.customer.auth_backends.EmailBackend", "django.contrib.auth.backends.ModelBackend")
HAYSTACK_CONNECTIONS = {"default": {"ENGINE": "haystack.backends.simple_backend.SimpleEngine"}}
OSCAR_SHOP_NAME = "Frobshop"
SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"
"""
WITHOUT_MIGRATIONS = """\
from frobshop.settings import *


class Nothing:
    def __contains__(self, name):
        return True

    def __getitem__(self, name):
        return None


MIGRATION_MODULES = Nothing()
"""
URLS = """\
import os

from django.apps import apps
from django.http import HttpResponse
from django.urls import include, path
from oscar.core.loading import get_class, get_model

from frobshop import receivers

BORN = os.urandom(8).hex()


def born(request):
    return HttpResponse(BORN)


def meta(request):
    options = get_model("catalogue", "Product")._meta
    return HttpResponse(f"{options.verbose_name} {options.ordering} {options.model.objects.browsable().count()}")


def clean(request):
    form = get_class("customer.forms", "EmailUserCreationForm")({"email": "a@b.example"})
    return HttpResponse(form.errors.as_json())


urlpatterns = [
    path("i18n/", include("django.conf.urls.i18n")),
    path("born/", born),
    path("meta/", meta),
    path("clean/", clean),
    path("", include(apps.get_app_config("oscar").urls[0])),
]
"""
RECEIVERS = """\
from django.dispatch import receiver
from oscar.apps.catalogue.signals import product_viewed


@receiver(product_viewed)
def seen(response, **kwargs):
    response["X-Seen"] = "1"


# more
"""
WSGI = """\
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "frobshop.settings")
application = get_wsgi_application()
"""
FILL = """\
import django
django.setup()
from django.core.management import call_command
call_command("migrate", run_syncdb=True, verbosity=0)
from oscar.core.loading import get_model
from oscar.test.factories import create_product
get_model("address", "Country").objects.create(iso_3166_1_a2="GB", printable_name="UK", name="UK", is_shipping_country=True)
product = create_product(title="A brass kettle", price=12, num_in_stock=5)
category = get_model("catalogue", "Category").add_root(name="Kitchen")
product.categories.add(category)
"""
MANAGE = """\
import os
import sys

from django.core.management import execute_from_command_line

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "frobshop.settings")
execute_from_command_line(sys.argv)
"""
FILES = {
    "frobshop/__init__.py": "", "frobshop/settings.py": SETTINGS, "frobshop/without_migrations.py": WITHOUT_MIGRATIONS,
    "frobshop/urls.py": URLS, "frobshop/wsgi.py": WSGI,
    "frobshop/receivers.py": RECEIVERS, "manage.py": MANAGE,
}  # fmt: skip
