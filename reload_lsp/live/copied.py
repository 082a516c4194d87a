"""Values that `from m import x` copied, in code that does not run again: the importer goes on with what it once got."""

from __future__ import annotations

from ..findings.values import Count, Range
from ..source.copies import Copy, copies_in
from .batch import Batch, Change
from .journal import MISSING
from .product import Product
from .resolve import absolute
from .values import same
from .view import View

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator


def say_copies(batch: Batch) -> None:
    """Every changed product that an import in a function, in a block or under the main guard has copied, and nobody renewed."""
    for change in list(batch.changes.values()):
        product = change.product
        if product.kind != "identity" or change.before is MISSING or same(change.before, change.after):
            continue
        for view, index in batch.resolver.mentioning(product):
            statement = view.statements[index]
            if view.module is product.module or statement.kind == "import" or "import" not in statement.text:
                continue
            for copy in _stale(batch, view, index, change):
                _say(batch, view, index, change, copy)


def _stale(batch: Batch, view: View, index: int, change: Change) -> Iterator[Copy]:
    product = change.product
    for copy in copies_in(view.node(index)):
        bound = copy.entry.bound
        if copy.entry.name != product.name or view.ns.get(bound, MISSING) is not change.before:
            continue
        if not batch.resolver.imports_from(view.module, copy.entry, product.module):
            continue
        # Where another statement binds the name, too, it may be that one's value, though it is the same number.
        if all(i == index for i in view.binders(bound)) and _is_used(batch, view, index, bound):
            yield copy


def _is_used(batch: Batch, view: View, index: int, bound: str) -> bool:
    """Does anything else read the copy? The code around the import has run, with what there was then."""
    readers = batch.resolver.readers(Product(view.module, bound, "identity"))
    return any(reader.view is not view or reader.index != index for reader in readers)


def _say(batch: Batch, view: View, index: int, change: Change, copy: Copy) -> None:
    bound, module = copy.entry.bound, change.product.module.name
    fix = {"kind": "qualify", "name": bound, "line": copy.line}
    for finding in batch.findings.items:
        if finding.verdict == "held" and finding.data.get("statement") == _place(view, index):
            finding.data["fixes"].append(fix)
            return
    batch.findings.say(
        "RLD201",
        f"{bound} is still what {module} gave when this line ran, and nothing runs it again: {change.product.name} of "
        f"{module} is another now. Read it from {absolute(view.module, copy.entry)} where it is used, or restart the process.",
        view.module.path,
        Range.of(copy.line, 0, copy.line, 200),
        count=Count(1),
        data={"fixes": [fix, {"kind": "restart"}]},
    )


def _place(view: View, index: int) -> dict[str, object]:
    return {"module": view.module.name, "line": view.statements[index].line}
