"""Values that an import in a function, in a block or under the main guard has copied, and that change: nobody renews the copy."""

from __future__ import annotations

from ..findings.values import Count, Range
from ..source.copies import Copy, copies_in
from .module import ModuleText
from .planner import Planner
from .program import Product


def say_copies(planner: Planner) -> None:
    """Say where a value that would be another one stands as a copy, as the reload would (RLD201)."""
    for product in list(planner.changes.values()):
        if product.kind != "identity":
            continue
        for module in planner.after.all():
            if module.name != product.module and product.name in module.text:
                _in_module(planner, module, product)


def _in_module(planner: Planner, module: ModuleText, product: Product) -> None:
    for index in module.mentioning(product.name):
        statement = module.statements[index]
        step = planner.steps.get((module.name, index))
        if (
            statement.kind == "import"
            or "import" not in statement.text
            or (step and step.action in ("hold", "run", "rerun"))
            or _runs_again(planner, module, statement.name)
        ):
            continue
        for copy in copies_in(module.node(index)):
            if _is_stale(planner, module, index, product, copy):
                _say(planner, module, product, copy)


def _runs_again(planner: Planner, module: ModuleText, function: str) -> bool:
    """Whether a statement that will run calls the function that imports: the copy is made anew."""
    steps = ((i, s) for (name, i), s in planner.steps.items() if name == module.name)
    return any(s.action in ("run", "rerun") and (function,) in module.names(i).calls for i, s in steps)


def _is_stale(planner: Planner, module: ModuleText, index: int, product: Product, copy: Copy) -> bool:
    if copy.entry.name != product.name or module.absolute(copy.entry) != product.module:
        return False
    bound = copy.entry.bound
    readers = planner.after.readers(Product(module.name, bound, "identity"))
    is_used = any(r.module is not module or r.index != index for r in readers)
    return is_used and all(i == index for i in module.binders(bound)) and _was_made(planner, module, product, bound)


def _was_made(planner: Planner, module: ModuleText, product: Product, bound: str) -> bool:
    """Has the import run? Only the process knows; it answers for values that are there, and not too big."""
    copy, original = (module.name, bound), (product.module, product.name)
    planner.asked.values |= {copy, original}
    known = planner.facts.plain
    return copy in known or original not in known


def _say(planner: Planner, module: ModuleText, product: Product, copy: Copy) -> None:
    planner.say(
        "RLD201",
        f"{copy.entry.bound} stays what {product.module} gave when this line ran, and nothing runs it again. "
        f"Read {product.name} from {product.module} where it is used, or restart the process.",
        module,
        Range.of(copy.line, 0, copy.line, 200),
        count=Count(1),
    )
