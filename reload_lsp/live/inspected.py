"""What looks into a definition (`signature(f)`, `f.__annotations__`, `Cls.__doc__`) sees what an edit changed about it."""

from __future__ import annotations

import re

from .batch import Batch
from .loaded import LoadedModule
from .product import Product

_LOOKS = re.compile(r"annotations|signature|type_hints|argspec|__doc__|getdoc|inspect").search


def inspected(batch: Batch, module: LoadedModule, name: str, why: str) -> None:
    """The annotations or the documentation of a definition are others: values made by looking at them are made again."""
    product = Product(module, name, "content")
    for reader in batch.ran.readers(batch.resolver, product):
        view, statement = reader.view, reader.view.statements[reader.index]
        names = view.names(reader.index)
        if statement.kind == "import" and view.module is not module:
            for bound in [e.bound for e in names.imports if e.name == name]:
                inspected(batch, view.module, bound, why)
        elif statement.kind == "bind" and not reader.late and _LOOKS(statement.text):
            shown = {c for c in names.reads if c not in names.calls or "__annotations__" in c}
            if any(batch.resolver.means(view.module, c, product) for c in shown):
                batch.mark(view, reader.index, "derived", why)
