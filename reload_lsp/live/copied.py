"""Values that `from m import x` copied, in code that does not run again: the importer goes on with what it once got."""

from __future__ import annotations

from ..findings.values import Count, Range
from ..source.copies import Copy, copies_in
from .batch import Batch
from .callee import absolute
from .journal import MISSING
from .loaded import LoadedModule
from .product import Change, Product
from .values import same
from .view import View

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

Copied = tuple[str, str, str, str]  # the importer, its name, the module it came from, and the name there


def say_copies(batch: Batch) -> None:
    """Every value that an import in a function, in a block or under the main guard has copied, and nobody renewed.

    What is found stays known, and is said again with the next edits of either file until the copy is right or gone.
    """
    known = batch.modules.copied
    fresh = {copied for change in list(batch.changes.values()) for copied in _copies_of(batch, change)}
    known |= fresh
    edited = {edit.module.name for edit in batch.edits}
    for copied in sorted(known):
        if copied in fresh or edited & {copied[0], copied[2]}:
            known.discard(copied)
            if _say_if_stale(batch, copied):
                known.add(copied)


def _copies_of(batch: Batch, change: Change) -> Iterator[Copied]:
    product = change.product
    if product.kind != "identity" or change.before is MISSING or same(change.before, change.after):
        return
    for view, index in batch.resolver.mentioning(product):
        for copy in _in_statement(batch, view, index, product.module, product.name):
            if view.ns.get(copy.entry.bound, MISSING) is change.before:
                yield view.module.name, copy.entry.bound, product.module.name, product.name


def _in_statement(batch: Batch, view: View, index: int, source: LoadedModule, name: str) -> Iterator[Copy]:
    """The imports inside a statement that copy `name` of `source` into a name of the module that others read."""
    statement = view.statements[index]
    if view.module is source or statement.kind == "import" or "import" not in statement.text:
        return
    for copy in copies_in(view.node(index)):
        bound = copy.entry.bound
        if copy.entry.name != name or not batch.resolver.imports_from(view.module, copy.entry, source):
            continue
        # Where another statement binds the name, too, it may be that one's value, though it is the same number.
        if all(i == index for i in view.binders(bound)) and _is_used(batch, view, index, bound):
            yield copy


def _say_if_stale(batch: Batch, copied: Copied) -> bool:
    importer, source = batch.modules.named(copied[0]), batch.modules.named(copied[2])
    if importer is None or source is None:
        return False
    if same(importer.ns.get(copied[1], MISSING), source.ns.get(copied[3], MISSING)):
        return False
    view = batch.view_of(importer)
    for index in view.mentioning(copied[1]):
        for copy in _in_statement(batch, view, index, source, copied[3]):
            _say(batch, view, index, source, copy)
            return True
    return False


def _is_used(batch: Batch, view: View, index: int, bound: str) -> bool:
    """Does anything else read the copy? The code around the import has run, with what there was then."""
    readers = batch.resolver.readers(Product(view.module, bound, "identity"))
    return any(reader.view is not view or reader.index != index for reader in readers)


def _say(batch: Batch, view: View, index: int, source: LoadedModule, copy: Copy) -> None:
    bound, module = copy.entry.bound, source.name
    fix = {"kind": "qualify", "name": bound, "line": copy.line}
    for finding in batch.findings.items:
        if finding.verdict == "held" and finding.data.get("statement") == _place(view, index):
            finding.data["fixes"].append(fix)
            return
    batch.findings.say(
        "RLD201",
        f"{bound} is still what {module} gave when this line ran, and nothing runs it again: {copy.entry.name} of "
        f"{module} is another now. Read it from {absolute(view.module, copy.entry)} where it is used, or restart the process.",
        view.module.path,
        Range.of(copy.line, 0, copy.line, 200),
        count=Count(1),
        data={"fixes": [fix, {"kind": "restart"}]},
    )


def _place(view: View, index: int) -> dict[str, object]:
    return {"module": view.module.name, "line": view.statements[index].line}
