"""pluggy: a manager keeps, for each hook, what the plugins implemented when they were registered, and their parameters."""

from __future__ import annotations

import sys
from types import ModuleType

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..live.adapter import Definition
    from ..live.work import Work


class PluggyHooks:
    """Hook implementations that came or went, and specifications, with other parameters or options."""

    library = "pluggy"
    tested = "1.7"

    def repeats(self, work: Work, definition: Definition) -> bool:
        """A plugin that a call at the top level registered is taken out before it runs again."""
        return _registered(definition) is not None

    def withdraw(self, work: Work, definition: Definition) -> None:
        manager, plugin = _registered(definition) or (None, None)
        if manager is not None:
            for table in [manager._name2plugin, *(_impls(h) for h in _hooks(manager))]:
                work.journal.replace_content(table, table.copy())
            manager.unregister(plugin)

    def settle(self, work: Work) -> None:
        modules = {id(m.module) for m in work.edited}
        classes = {id(c) for c in work.classes}
        for manager in work.instances(sys.modules["pluggy"].PluginManager) if modules else ():
            for namespace in {id(h.spec.namespace): h.spec.namespace for h in _hooks(manager) if h.spec}.values():
                if id(namespace) in modules | classes:
                    _announce(work, manager, namespace)
            for name, plugin in list(manager.list_name_plugin()):
                kind: Any = plugin if isinstance(plugin, type) else type(plugin)
                edited = id(plugin) in modules if isinstance(plugin, ModuleType) else _is_of(kind, classes)
                if plugin is not None and edited:
                    _follow(work, manager, name, plugin)
            for hook in _hooks(manager):
                if hook.spec is not None and (id(hook.spec.namespace) in modules | classes):
                    _specify(work, manager, hook)


def _registered(definition: Definition) -> tuple[Any, Any] | None:
    """The manager and the plugin of `pm.register(...)`, as it ran before; None where the plugin may be one of several."""
    call = definition.call() if definition.statement.kind == "effect" else None
    if call is None or call.chain[-1] != "register" or not isinstance(call.owner, sys.modules["pluggy"].PluginManager):
        return None
    given = [a for a in (*call.arguments[:1], call.named.get("plugin")) if a is not None]
    named = call.named.get("name") or next(iter(call.arguments[1:2]), None)
    plugins = [(n, p) for n, p in call.owner.list_name_plugin() if p is not None]
    found = [p for n, p in plugins if n == named] or [
        p for _, p in plugins if any(p is g for g in given) or type(p) in call.constructed
    ]
    return (call.owner, found[0]) if len(found) == 1 else None


def _hooks(manager: Any) -> list[Any]:
    return list(manager.hook.__dict__.values())


def _announce(work: Work, manager: Any, namespace: Any) -> None:
    """Hooks that are new in a namespace of specifications."""
    for name in dir(namespace):
        options = manager.parse_hookspec_opts(namespace, name)
        if options is not None and not hasattr(manager.hook, name):
            caller = sys.modules["pluggy._hooks"].HookCaller(name, manager._hookexec, namespace, options)
            work.journal.set_attr(manager.hook, name, caller)


def _specify(work: Work, manager: Any, hook: Any) -> None:
    """What a specification says of its hook now: its options and parameters."""
    options = manager.parse_hookspec_opts(hook.spec.namespace, hook.name)
    if options is not None:
        made: Any = sys.modules["pluggy._hooks"]
        work.journal.set_plain(hook, "spec", made.HookSpec(hook.spec.namespace, hook.name, options))


def _is_of(kind: type, classes: set[int]) -> bool:
    return any(id(c) in classes for c in kind.__mro__)


def _follow(work: Work, manager: Any, plugin_name: str, plugin: Any) -> None:
    wanted = _wanted(manager, plugin_name, plugin)
    hooks: dict[str, Any] = {**manager.hook.__dict__}
    for name, hook in hooks.items():
        for impl in [i for i in hook.get_hookimpls() if i.plugin is plugin]:
            new = wanted.pop(name, None)
            if new is not None and _rank(new) == _rank(impl):
                work.journal.replace_content(_impls(hook), [new if i is impl else i for i in _impls(hook)])
            else:
                work.journal.replace_content(_impls(hook), [i for i in _impls(hook) if i is not impl])
                _add(work, manager, hook, new)
    for name, new in wanted.items():
        hook = hooks.get(name)
        if hook is not None:
            _add(work, manager, hook, new)


def _add(work: Work, manager: Any, hook: Any, impl: Any) -> None:
    if impl is None:
        return
    if hook.has_spec():
        manager._verify_hook(hook, impl)
    before = list(_impls(hook))
    places = {id(p): i for i, p in enumerate(manager._name2plugin.values())}
    work.journal.replace_content(_impls(hook), [])
    for one in sorted([*before, impl], key=lambda i: places.get(id(i.plugin), len(places))):
        hook._add_hookimpl(one)


def _wanted(manager: Any, plugin_name: str, plugin: Any) -> dict[str, Any]:
    """What the plugin implements now, by hook."""
    hooks: Any = sys.modules["pluggy._hooks"]
    found: dict[str, Any] = {}
    for name in dir(plugin):
        options = manager.parse_hookimpl_opts(plugin, name)
        if options is not None:
            hooks.normalize_hookimpl_opts(options)
            found[options.get("specname") or name] = hooks.HookImpl(plugin, plugin_name, getattr(plugin, name), options)
    return found


def _impls(hook: Any) -> list[Any]:
    return hook._hookimpls


def _rank(impl: Any) -> tuple[Any, ...]:
    return (impl.tryfirst, impl.trylast, impl.wrapper, impl.hookwrapper)


ADAPTER = PluggyHooks()
