"""Which Python a project needs. Standard library only; the syntax is held to Python 3.7."""
import ast
import re

from source import last_name

# Modules, and names in modules, by the first Python that has them.
NEW = {
    "tomllib": (3, 11), "zoneinfo": (3, 9), "graphlib": (3, 9), "importlib.metadata": (3, 8), "importlib.resources": (3, 7), "dataclasses": (3, 7),
    "contextvars": (3, 7),
    "typing.Final": (3, 8), "typing.Literal": (3, 8), "typing.Protocol": (3, 8), "typing.TypedDict": (3, 8), "typing.Annotated": (3, 9),
    "typing.Concatenate": (3, 10), "typing.ParamSpec": (3, 10), "typing.TypeAlias": (3, 10), "typing.TypeGuard": (3, 10),
    "typing.LiteralString": (3, 11), "typing.Never": (3, 11), "typing.NotRequired": (3, 11), "typing.Required": (3, 11), "typing.Self": (3, 11),
    "typing.Unpack": (3, 11), "typing.assert_never": (3, 11), "typing.override": (3, 12),
    "functools.cached_property": (3, 8), "functools.singledispatchmethod": (3, 8), "functools.cache": (3, 9), "itertools.pairwise": (3, 10),
    "itertools.batched": (3, 12), "enum.StrEnum": (3, 11), "datetime.UTC": (3, 11), "math.prod": (3, 8), "dataclasses.KW_ONLY": (3, 10),
    "contextlib.nullcontext": (3, 7), "contextlib.chdir": (3, 11), "unittest.mock.AsyncMock": (3, 8),
}
GENERICS = {"dict", "frozenset", "list", "set", "tuple", "type"}
METHODS = {"removeprefix": (3, 9), "removesuffix": (3, 9)}
SYNTAX = [
    ("NamedExpr", "assignment expressions (:=)", (3, 8)),
    ("Match", "pattern matching (match)", (3, 10)),
    ("TryStar", "except*", (3, 11)),
    ("TypeAlias", "type statements", (3, 12)),
]
OPEN_WITH = re.compile(br"^[ \t]*(?:async )?with \([ \t]*$", re.MULTILINE)


def needs(source, cluster):
    """(line, what, version) for what the cluster's Python, an older one, stops at."""
    found = {}
    for line, what, version in list(syntax(source)) + list(names(source)) + list(annotations(source)):
        if version > cluster:
            found.setdefault((line, what), version)
    return [(line, what, version) for (line, what), version in sorted(found.items())]


def syntax(source):
    for kind, what, version in SYNTAX:
        for node in source.of(getattr(ast, kind, None)):
            yield node.lineno, what, version
    for node in source.of(ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef):
        if getattr(node, "type_params", None):
            yield node.lineno, "type parameters", (3, 12)
        if getattr(getattr(node, "args", None), "posonlyargs", None):
            yield node.lineno, "positional-only parameters", (3, 8)
        for decorator in node.decorator_list:
            called = decorator.func if isinstance(decorator, ast.Call) else decorator
            while isinstance(called, ast.Attribute):
                called = called.value
            if not isinstance(called, ast.Name):
                yield decorator.lineno, "decorators of any form", (3, 9)
    for match in OPEN_WITH.finditer(source.content):
        yield source.content.count(b"\n", 0, match.start()) + 1, "parentheses around several contexts of with", (3, 9)


def names(source):
    for node in source.of(ast.Import):
        for alias in node.names:
            yield from name(source, node, alias.name)
    for node in source.of(ast.ImportFrom):
        if not node.level:
            yield from name(source, node, node.module or "")
            for alias in node.names:
                yield from name(source, node, "%s.%s" % (node.module, alias.name))
    for node in source.calls():
        if id(node) in source.guarded:
            continue
        called = last_name(node.func)
        if called in METHODS and isinstance(node.func, ast.Attribute) and len(node.args) == 1:
            yield node.lineno, "str.%s" % called, METHODS[called]
        if called == "zip" and isinstance(node.func, ast.Name) and any(keyword.arg == "strict" for keyword in node.keywords):
            yield node.lineno, "zip(strict=…)", (3, 10)
        if called == "dataclass" and any(keyword.arg in ("slots", "kw_only") for keyword in node.keywords):
            yield node.lineno, "dataclass(slots, kw_only)", (3, 10)


def name(source, node, dotted):
    if dotted in NEW and id(node) not in source.guarded:
        yield node.lineno, dotted, NEW[dotted]


def annotations(source):
    """Those that Python works out when it reads the file; with the import from __future__ it works out none."""
    if any(node.module == "__future__" and any(alias.name == "annotations" for alias in node.names) for node in source.of(ast.ImportFrom)):
        return
    worked_out = []
    for node in source.of(ast.FunctionDef, ast.AsyncFunctionDef):
        arguments = node.args
        every = arguments.args + arguments.kwonlyargs + getattr(arguments, "posonlyargs", []) + [arguments.vararg, arguments.kwarg]
        worked_out += [one.annotation for one in every if one is not None] + [node.returns]
    bodies = [node.body for node in source.of(ast.Module, ast.ClassDef)]
    worked_out += [one.annotation for body in bodies for one in body if isinstance(one, ast.AnnAssign)]
    for annotation in worked_out:
        if annotation is None or id(annotation) in source.guarded:
            continue
        for inner in ast.walk(annotation):
            if isinstance(inner, ast.BinOp) and isinstance(inner.op, ast.BitOr):
                yield inner.lineno, "X | Y in annotations", (3, 10)
            if isinstance(inner, ast.Subscript) and isinstance(inner.value, ast.Name) and inner.value.id in GENERICS:
                yield inner.lineno, "%s[…] in annotations" % inner.value.id, (3, 9)


# Lines that say which Python a project wants.
WANTED = [
    ("pyproject.toml", re.compile(r"""^\s*requires-python\s*=\s*["']([^"']+)["']""")),
    ("pyproject.toml", re.compile(r"""^\s*python\s*=\s*["']([^"']+)["']""")),
    ("setup.cfg", re.compile(r"^\s*python_requires\s*=\s*(.+)$")),
    ("setup.py", re.compile(r"""^\s*python_requires\s*=\s*["']([^"']+)["']""")),
    ("Pipfile", re.compile(r"""^\s*python_(?:full_)?version\s*=\s*["']([^"']+)["']""")),
    (".python-version", re.compile(r"^\s*(?:cpython-?)?(3[0-9.]*)\s*$")),
    ("runtime.txt", re.compile(r"^\s*python-(3[0-9.]*)\s*$")),
]
BOUND = re.compile(r"(>=|>|==|~=|\^|~|<=|<|!=)?\s*(\d+)\.(\d+)?")


def wanted(path, content):
    """(line, as written, lowest version) of each line that says so."""
    for number, line in enumerate(content.decode("utf-8", "replace").splitlines(), 1):
        for file, pattern in WANTED:
            match = pattern.match(line) if path == file else None
            lowest = at_least(match.group(1)) if match else None
            if lowest is not None:
                yield number, match.group(1).strip().strip("\"'"), lowest


def at_least(bounds):
    versions = []
    for operator, major, minor in BOUND.findall(bounds):
        if operator in ("<=", "<", "!="):
            continue
        versions.append((int(major), int(minor or 0)))
    return max(versions) if versions else None
