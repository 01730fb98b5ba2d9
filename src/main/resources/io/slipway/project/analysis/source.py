"""One source: its syntax tree, sorted by what is in it, and what its texts begin with. Standard library only; the syntax is held to Python 3.7."""
import ast
import codecs
import warnings

UTF_16 = "It is UTF-16, as PowerShell's > writes it, and Python reads UTF-8."
BOMS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
CATCH_ABSENCE = {"ImportError", "ModuleNotFoundError", "NameError", "Exception", "BaseException"}
VERSION_WORDS = {"version_info", "version", "hexversion", "PY2", "PY3", "python_version"}
JOINERS = {"join", "joinpath"}
SAME_PATH = {"Path", "PurePath", "PosixPath", "PurePosixPath", "str", "fspath", "normpath", "as_posix", "__fspath__"}


class Unreadable(Exception):
    """Why a source is none, with its line."""

    def __init__(self, code, line, what, way_out):
        Exception.__init__(self, what)
        self.code, self.line, self.what, self.way_out = code, line, what, way_out


class Source:
    """All nodes of a file by their kinds. The tree is walked once: a project can have thousands of files."""

    def __init__(self, file, content):
        self.file = file
        self.content = content
        self.tree = parsed(content)
        self.nodes = list(ast.walk(self.tree))
        self.kinds = {}
        for node in self.nodes:
            self.kinds.setdefault(type(node), []).append(node)
        self.docstrings = set()
        self.in_f_strings = set()
        for node in self.of(ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef):
            if node.body and isinstance(node.body[0], ast.Expr):
                self.docstrings.add(id(node.body[0].value))
        for node in self.of(ast.JoinedStr):
            self.in_f_strings.update(id(part) for part in node.values)
        self.bound = self.bindings()
        self.constants = {}
        self.note_constants()
        self.guarded = self.nodes_under_guards()

    def of(self, *kinds):
        return [node for kind in kinds for node in self.kinds.get(kind, ())]

    def calls(self):
        return self.of(ast.Call)

    def texts(self):
        """Of all literals but docstrings; those in f-strings, too."""
        for node in self.of(ast.Constant, *OLD_TEXT):
            text = text_of(node)
            if text is not None and id(node) not in self.docstrings:
                yield node, text

    def bindings(self):
        """How often each name is given a value, in any way."""
        bound = {}
        for node in self.of(ast.Name):
            if not isinstance(node.ctx, ast.Load):
                bound[node.id] = bound.get(node.id, 0) + 1
        names = [node.arg for node in self.of(ast.arg)]
        names += [node.name for node in self.of(ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.ExceptHandler) if node.name]
        names += [name for node in self.of(ast.Global, ast.Nonlocal) for name in node.names]
        for node in self.of(ast.Import, ast.ImportFrom):
            names += [alias.asname or alias.name.split(".")[0] for alias in node.names]
        for kind in ("MatchAs", "MatchStar", "MatchMapping"):
            for node in self.of(getattr(ast, kind, None)):
                names.append(getattr(node, "name", None) or getattr(node, "rest", None) or "")
        for name in names:
            bound[name] = bound.get(name, 0) + 1
        return bound

    def note_constants(self):
        """Names that are set once in the file, to a text whose beginning is known."""
        assigns = [node for node in self.of(ast.Assign) if len(node.targets) == 1 and isinstance(node.targets[0], ast.Name)]
        for node in sorted(assigns, key=lambda one: (one.lineno, one.col_offset)):
            name = node.targets[0].id
            known = self.beginning(node.value)
            if known is not None and self.bound.get(name) == 1:
                self.constants[name] = known

    def nodes_under_guards(self):
        """What may fail, since the source is ready for that: imports that are tried, and those for type checkers or another Python."""
        guarded = set()
        for node in self.of(ast.Try, *([ast.TryStar] if hasattr(ast, "TryStar") else [])):
            if any(catches_absence(handler) for handler in node.handlers):
                for inner in node.body:
                    guarded.update(id(one) for one in ast.walk(inner))
                for handler in node.handlers:
                    guarded.update(id(one) for inner in handler.body for one in ast.walk(inner) if isinstance(one, (ast.Import, ast.ImportFrom)))
        for node in self.of(ast.If):
            words = {last_name(one) for one in ast.walk(node.test)}
            if "TYPE_CHECKING" in words:
                guarded.update(id(one) for inner in node.body for one in ast.walk(inner))
            elif words & VERSION_WORDS:
                guarded.update(id(one) for inner in node.body + node.orelse for one in ast.walk(inner))
        for node in self.of(ast.With):
            if any(isinstance(item.context_expr, ast.Call) and last_name(item.context_expr.func) == "suppress" for item in node.items):
                guarded.update(id(one) for inner in node.body for one in ast.walk(inner))
        return guarded

    def only_for_types(self):
        """Imports that never happen."""
        only = set()
        for node in self.of(ast.If):
            if "TYPE_CHECKING" in {last_name(one) for one in ast.walk(node.test)}:
                only.update(id(one) for inner in node.body for one in ast.walk(inner))
        return only

    def text(self, node):
        """The known beginning of a text or path; None when nothing is known."""
        known = self.beginning(node)
        return None if known is None else known[0]

    def beginning(self, node, depth=0):
        """(text, whether that is all of it) or None."""
        if node is None or depth > 20:
            return None
        text = text_of(node)
        if text is not None:
            return text, True
        if isinstance(node, ast.Name):
            return self.constants.get(node.id)
        if isinstance(node, ast.JoinedStr):
            return self.joined([part.value if isinstance(part, ast.FormattedValue) else part for part in node.values], "", depth)
        if isinstance(node, ast.BinOp):
            return self.of_operator(node, depth)
        if isinstance(node, ast.Call):
            return self.of_call(node, depth)
        return None

    def of_operator(self, node, depth):
        if isinstance(node.op, ast.Add):
            return self.joined([node.left, node.right], "", depth)
        if isinstance(node.op, ast.Div):
            return self.joined([node.left, node.right], "/", depth)
        if isinstance(node.op, ast.Mod):
            return cut(self.beginning(node.left, depth + 1), "%")
        return None

    def of_call(self, node, depth):
        name = last_name(node.func)
        owner = node.func.value if isinstance(node.func, ast.Attribute) else None
        if name == "format" and owner is not None:
            return cut(self.beginning(owner, depth + 1), "{")
        if name in JOINERS and owner is not None and (last_name(owner) == "path" or name == "joinpath"):
            parts = list(node.args) if name == "join" else [owner] + list(node.args)
            return self.joined(parts, "/", depth)
        if name in SAME_PATH:
            inner = node.args[0] if node.args else (owner if name in ("as_posix", "__fspath__") else None)
            known = self.beginning(inner, depth + 1)
            return self.joined(list(node.args), "/", depth) if known and len(node.args) > 1 else known
        return None

    def joined(self, parts, between, depth):
        found = ""
        for number, part in enumerate(parts):
            known = self.beginning(part, depth + 1)
            if known is None:
                return (found + (between if number else ""), False) if number else None
            found += (between if number and not found.endswith(between) else "") + known[0] if between else known[0]
            if not known[1]:
                return found, False
        return found, True


OLD_TEXT = [ast.Str] if not isinstance(ast.parse("''").body[0].value, ast.Constant) else []  # Python 3.7


def parsed(content):
    if content.startswith(BOMS) or content[:200].count(b"\0") > 20:
        raise Unreadable("not-utf8", 1, UTF_16, "Save it as UTF-8 and pack the project again.")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return ast.parse(content)
        except UnicodeDecodeError:
            raise not_utf8()
        except SyntaxError as error:
            raise unreadable(error)


def unreadable(error):
    import sys

    why = str(getattr(error, "msg", error))
    line = getattr(error, "lineno", None) or 1
    if "codec can't decode" in why or "Non-UTF-8" in why:
        return not_utf8()
    if is_python_2(error, why):
        return Unreadable("python-2", line, "It is written for Python 2: %s." % why.rstrip("?.").split(". Did")[0], "Convert it (2to3, python-modernize): clusters run Python 3.")
    what = "Python %d.%d cannot read it: %s" % (sys.version_info[0], sys.version_info[1], why)
    return Unreadable("syntax-error", line, what, "Correct it, or start the job with a Python that reads it.")


def is_python_2(error, why):
    line = (getattr(error, "text", None) or "").strip()
    return (
        "Missing parentheses in call to" in why
        or "multiple exception types must be parenthesized" in why
        or "leading zeros in decimal" in why
        or "<>" in line
        or line.startswith(("exec ", "print ", "raise ")) and "invalid syntax" in why
        or "except " in line and ", " in line and "invalid syntax" in why
    )


def not_utf8():
    what = "It is not UTF-8 and names no other encoding in its first line, so Python cannot read it."
    return Unreadable("not-utf8", 1, what, "Save it as UTF-8 and pack the project again.")


def catches_absence(handler):
    if handler.type is None:
        return True
    types = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(last_name(one) in CATCH_ABSENCE for one in types)


def cut(known, mark):
    if known is None or mark not in known[0]:
        return known
    return known[0].split(mark)[0], False


def text_of(node):
    """Of a literal."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else None
    return getattr(node, "s", None) if type(node).__name__ == "Str" else None


def last_name(node):
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def dotted(node):
    parts = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return ".".join([getattr(node, "id", "")] + parts[::-1])
