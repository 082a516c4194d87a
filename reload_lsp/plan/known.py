"""Library functions by what they do when called again. A name that is not here counts as unknown."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final


RESOURCES: Final[dict[str, str]] = {
    "builtins.open": "RLD312",
    "io.open": "RLD312",
    "_io.open": "RLD312",
    "builtins.input": "RLD314",
    "time.sleep": "RLD314",
    "threading.Thread": "RLD301",
    "threading.Timer": "RLD301",
    "_thread.start_new_thread": "RLD301",
    "concurrent.futures.thread.ThreadPoolExecutor": "RLD301",
    "concurrent.futures.process.ProcessPoolExecutor": "RLD302",
    "subprocess.Popen": "RLD302",
    "subprocess.run": "RLD302",
    "subprocess.call": "RLD302",
    "subprocess.check_call": "RLD302",
    "subprocess.check_output": "RLD302",
    "os.system": "RLD302",
    "os.popen": "RLD302",
    "os.fork": "RLD302",
    "multiprocessing.context.Process": "RLD302",
    "socket.socket": "RLD303",
    "socket.create_server": "RLD303",
    "socket.create_connection": "RLD303",
    "socketserver.TCPServer": "RLD303",
    "http.server.HTTPServer": "RLD303",
    "http.server.ThreadingHTTPServer": "RLD303",
    "sqlite3.connect": "RLD312",
    "_sqlite3.connect": "RLD312",
    "urllib.request.urlopen": "RLD312",
    "tempfile.mkdtemp": "RLD312",
    "tempfile.mkstemp": "RLD312",
    "tempfile.NamedTemporaryFile": "RLD312",
    "asyncio.events.new_event_loop": "RLD313",
    "tkinter.Tk": "RLD313",
    "os.remove": "RLD312",
    "os.unlink": "RLD312",
    "os.mkdir": "RLD312",
    "os.makedirs": "RLD312",
    "os.rename": "RLD312",
    "shutil.rmtree": "RLD312",
}

GLOBALS: Final[dict[str, str]] = {
    "atexit.register": "RLD304",
    "signal.signal": "RLD305",
    "_signal.signal": "RLD305",
    "logging.basicConfig": "RLD306",
    "logging.addLevelName": "RLD306",
    "logging.config.dictConfig": "RLD306",
    "logging.config.fileConfig": "RLD306",
    "warnings.filterwarnings": "RLD308",
    "warnings.simplefilter": "RLD308",
    "locale.setlocale": "RLD308",
    "random.seed": "RLD308",
    "os.chdir": "RLD308",
    "os.putenv": "RLD308",
    "sys.setrecursionlimit": "RLD308",
    "sys.settrace": "RLD308",
    "sys.setprofile": "RLD308",
    "codecs.register": "RLD307",
    "copyreg.pickle": "RLD307",
    "builtins.print": "RLD316",
    "builtins.setattr": "RLD308",
    "builtins.delattr": "RLD308",
    "builtins.exec": "RLD316",
    "mimetypes.add_type": "RLD307",
}

# What they set is set as well the second time.
SETTERS: Final = frozenset(
    ("builtins.setattr", "logging.Handler.setFormatter", "logging.Handler.setLevel", "logging.Logger.setLevel")
)

# They tell somebody something, and leave nothing behind that could still be in force.
TELLS: Final[frozenset[str]] = frozenset(
    ["builtins.print", "warnings.warn", "_warnings.warn"]
    + [
        f"logging.{owner}{how}"
        for owner in ("", "Logger.", "LoggerAdapter.")
        for how in ("debug", "info", "warning", "warn", "error", "exception", "critical", "log")
    ]
)

_PURE_MODULES: Final = frozenset(
    (
        "typing", "typing_extensions", "tomllib", "tomllib._parser", "csv", "_csv", "re", "math", "cmath", "operator", "_operator", "itertools", "functools",
        "_functools", "collections", "_collections", "collections.abc", "dataclasses", "enum", "abc", "_abc", "types",
        "decimal", "_decimal", "fractions", "datetime", "_datetime", "string", "_string", "struct", "_struct", "posixpath", "ntpath",
        "os.path", "genericpath", "pathlib", "pathlib._local", "textwrap", "copy", "keyword", "json", "json.decoder", "json.encoder",
        "base64", "binascii", "hashlib", "_hashlib", "unicodedata", "uuid", "ipaddress", "weakref", "_weakref",
        "_weakrefset", "contextlib", "contextvars", "_contextvars", "inspect", "platform", "importlib.metadata",
        "importlib.util", "importlib.resources", "numbers", "statistics", "calendar", "html", "urllib.parse", "shlex", "fnmatch",
        "attr", "attr._make", "attr._next_gen", "attrs", "ast", "configparser", "argparse", "optparse", "time",
        "threading", "_thread", "queue", "_queue", "asyncio.locks", "asyncio.queues", "zoneinfo", "random", "_random", "secrets",
        "sysconfig", "locale", "gettext", "reprlib", "array", "bisect", "_bisect", "heapq", "_heapq", "email.utils", "zlib",
        "stat", "errno", "token", "tokenize", "graphlib", "mimetypes", "http", "http.cookies", "getpass", "codecs", "_codecs",
    )
)  # fmt: skip

_PURE_NAMES: Final = frozenset(
    (
        "logging.getLogger", "logging.Formatter", "logging.NullHandler", "os.getenv", "os.fspath", "os.getcwd", "os.cpu_count",
        "os.getpid", "posix.getcwd", "posix.fspath", "posix.getpid", "posix.cpu_count", "nt.getcwd", "nt.fspath", "sys.getrecursionlimit", "sys.getsizeof",
        "sys.getfilesystemencoding", "sys.intern", "sys.getdefaultencoding", "importlib.import_module", "warnings.catch_warnings",
        "argparse.ArgumentParser.parse_args", "argparse.ArgumentParser.parse_known_args", "argparse.ArgumentParser.format_help",
        "argparse.ArgumentParser.format_usage", "sys._getframe", "sys.exc_info", "tempfile.gettempdir", "multiprocessing.cpu_count", "shutil.which", "shutil.get_terminal_size",
        "string.Template.substitute", "string.Template.safe_substitute", "string.Formatter.format",
    )
)  # fmt: skip

_IMPURE_BUILTINS: Final = frozenset(
    [
        "open",
        "input",
        "print",
        "exec",
        "eval",
        "setattr",
        "delattr",
        "__import__",
        "breakpoint",
        "exit",
        "quit",
    ]
)

PURE_METHODS: Final = frozenset(
    [
        "get",
        "keys",
        "values",
        "items",
        "copy",
        "format",
        "join",
        "split",
        "rsplit",
        "splitlines",
        "strip",
        "lstrip",
        "rstrip",
        "upper",
        "lower",
        "title",
        "capitalize",
        "replace",
        "startswith",
        "endswith",
        "encode",
        "decode",
        "count",
        "index",
        "find",
        "rfind",
        "isdigit",
        "isalpha",
        "isidentifier",
        "partition",
        "rpartition",
        "zfill",
        "ljust",
        "rjust",
        "center",
        "casefold",
        "removeprefix",
        "removesuffix",
        "translate",
        "maketrans",
        "read",
        "read_text",
        "read_bytes",
        "readlines",
        "open_text",
        "compile",
        "match",
        "fullmatch",
        "search",
        "sub",
        "findall",
        "finditer",
        "group",
        "groups",
        "groupdict",
        "intersection",
        "union",
        "difference",
        "issubset",
        "issuperset",
        "fromkeys",
        "mro",
        "__subclasses__",
        "with_suffix",
        "resolve",
        "absolute",
        "exists",
        "is_file",
        "is_dir",
        "joinpath",
        "as_posix",
        "relative_to",
        "with_name",
        "isoformat",
        "timestamp",
        "total_seconds",
        "hexdigest",
        "digest",
        "to_bytes",
        "from_bytes",
        "bit_length",
        "most_common",
        "quantize",
        "as_integer_ratio",
        "getLogger",
        "getChild",
        "cache_info",
    ]
)


def public(qualified: str) -> str:
    """The name by which the tables know a function that is implemented elsewhere (`posix.mkdir` is `os.mkdir`)."""
    module, _, name = qualified.rpartition(".")
    for alias in (_HOMES.get(module, module), module.lstrip("_")):
        if f"{alias}.{name}" in RESOURCES or f"{alias}.{name}" in GLOBALS:
            return f"{alias}.{name}"
    return qualified


_HOMES: Final = {
    "_py_warnings": "warnings",
    "random.Random": "random",
    "posix": "os",
    "nt": "os",
    "_io": "io",
    "_thread": "threading",
}


def is_pure(qualified: str) -> bool:
    """Whether calling `qualified` ("module.name") again leaves no trace but its result."""
    module, _, name = qualified.rpartition(".")
    if qualified in RESOURCES or qualified in GLOBALS:
        return False
    if module == "builtins":
        return name not in _IMPURE_BUILTINS
    return module in _PURE_MODULES or qualified in _PURE_NAMES
