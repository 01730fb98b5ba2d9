"""What a project's files import and do, and which of them an entry point reaches.

Of each file a few facts are kept and not its syntax tree, which takes a hundred times as much memory. Standard library only; the syntax is
held to Python 3.7.
"""
import ast
import posixpath

# Names that make a Spark session, or a context, when they are called.
SESSIONS = {"SparkContext", "SparkSession", "GlueContext"}
SESSION_CALLS = {"getOrCreate"}
# Modules that make one when they are imported or first used.
SESSION_MODULES = ("pyspark.pandas", "pyspark.shell", "databricks.koalas")
# What imports, or runs, what no reader of the source can name.
DYNAMIC = {"import_module", "__import__", "run_path", "run_module", "exec", "entry_points", "load_module", "exec_module"}
# From elsewhere, and known to make no Spark session.
WITHOUT_SPARK = {
    "attr", "attrs", "boto3", "botocore", "bs4", "click", "cloudpickle", "dateutil", "dotenv", "fsspec", "jinja2", "joblib", "loguru", "lxml",
    "matplotlib", "numpy", "orjson", "packaging", "pandas", "PIL", "psycopg2", "py4j", "pyarrow", "pydantic", "pymysql", "pyspark", "pytz",
    "redis", "requests", "s3fs", "scipy", "simplejson", "six", "sklearn", "sqlalchemy", "toml", "tomli", "tqdm", "typer",
    "typing_extensions", "urllib3", "yaml",
}
UDFS = {"udf", "pandas_udf", "mapInPandas", "applyInPandas", "foreachPartition", "mapPartitions"}


class Facts:
    """Of one file."""

    def __init__(self, file, tree):
        self.file = file
        self.imports = []  # (dotted name, level, names below it, line)
        self.makes_session = False
        self.session_at_import = None  # the line
        self.has_udfs = False
        self.is_dynamic = False
        self.exits = []  # lines of os._exit
        self.reads_input = []  # (line, what)
        self.session_names = set(SESSIONS)
        self.own_names = set()
        self.stdin_names = set()
        for node in ast.walk(tree):
            self.note_names(node)
        for node in ast.walk(tree):
            self.note(node)
        self.note_import_time(tree)

    def note_names(self, node):
        if isinstance(node, ast.Import):
            for name in node.names:
                self.imports.append((name.name, 0, (), node.lineno))
        elif isinstance(node, ast.ImportFrom):
            names = tuple(name.name for name in node.names)
            self.imports.append((node.module or "", node.level, names, node.lineno))
            for name in node.names:
                if name.name in SESSIONS and name.asname:
                    self.session_names.add(name.asname)
                if node.module == "sys" and name.name == "stdin":
                    self.stdin_names.add(name.asname or name.name)
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            self.own_names.add(node.name)
        elif isinstance(node, ast.arg):
            self.own_names.add(node.arg)
        elif isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            self.own_names.add(node.id)
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            self.own_names.update(name.asname or name.name for name in node.names)
            dotted = [name.name for name in node.names] + [getattr(node, "module", None) or ""]
            below = ["%s.%s" % (dotted[-1], name) for name in dotted[:-1]]
            if any(name.startswith(SESSION_MODULES) for name in dotted + below):
                self.makes_session = True

    def note(self, node):
        if makes_session(node, self.session_names):
            self.makes_session = True
        if isinstance(node, ast.Call):
            self.note_call(node)
        elif isinstance(node, ast.Attribute) and self.is_stdin(node.value):
            if node.attr not in ("isatty", "fileno", "encoding", "errors", "close", "closed", "reconfigure"):
                self.reads_input.append((node.lineno, "sys.stdin"))
        elif isinstance(node, (ast.For, ast.comprehension)) and self.is_stdin(node.iter):
            self.reads_input.append((node.iter.lineno, "sys.stdin"))
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            self.has_udfs |= any(last_name(one.func if isinstance(one, ast.Call) else one) in UDFS for one in node.decorator_list)

    def note_call(self, node):
        name = last_name(node.func)
        bare = isinstance(node.func, ast.Name)
        owner = last_name(node.func.value) if isinstance(node.func, ast.Attribute) else None
        self.has_udfs |= name in UDFS
        self.is_dynamic |= name in DYNAMIC and not (name == "exec" and not bare)
        if name == "_exit":
            self.exits.append(node.lineno)
        if bare and name in ("input", "breakpoint") and name not in self.own_names:
            self.reads_input.append((node.lineno, name + "()"))
        if (owner, name) in (("getpass", "getpass"), ("pdb", "set_trace"), ("fileinput", "input")):
            self.reads_input.append((node.lineno, "%s.%s()" % (owner, name)))
        if any(self.is_stdin(argument) for argument in node.args):
            self.reads_input.append((node.lineno, "sys.stdin"))

    def is_stdin(self, node):
        if isinstance(node, ast.Name):
            return node.id in self.stdin_names
        return isinstance(node, ast.Attribute) and node.attr == "stdin" and getattr(node.value, "id", None) == "sys"

    def note_import_time(self, tree):
        """Whether a session is made as soon as the file is imported."""
        waiting = list(tree.body)
        while waiting:
            node = waiting.pop()
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)) or is_main_guard(node):
                continue
            if isinstance(node, ast.Call) and makes_session(node, self.session_names):
                self.session_at_import = min(node.lineno, self.session_at_import or node.lineno)
            waiting += ast.iter_child_nodes(node)


def is_main_guard(node):
    return isinstance(node, ast.If) and any(isinstance(inner, ast.Name) and inner.id == "__name__" for inner in ast.walk(node.test))


def makes_session(node, names):
    if isinstance(node, ast.Attribute):
        return node.attr == "builder" and last_name(node.value) in names
    return isinstance(node, ast.Call) and (last_name(node.func) in names or last_name(node.func) in SESSION_CALLS)


def last_name(node):
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


class Reach:
    """The files that an entry point's imports lead to, and what is imported there from elsewhere."""

    def __init__(self, facts, entry, files, places):
        self.facts = facts
        self.files = set(files)
        self.places = places
        self.elsewhere = set()
        self.reached = set()
        waiting = [entry]
        while waiting:
            file = waiting.pop()
            if file in self.reached:
                continue
            self.reached.add(file)
            if file in facts:
                waiting += facts if facts[file].is_dynamic else self.imported_by(facts[file])

    def imported_by(self, facts):
        found = []
        for module, level, names, _ in facts.imports:
            if level:
                folder = posixpath.dirname(facts.file)
                for _ in range(level - 1):
                    folder = posixpath.dirname(folder)
                found += self.at(folder, module, names)
                continue
            own = [file for place in self.places for file in self.at(place, module, names)]
            found += own
            if not own:
                self.elsewhere.add(module.split(".")[0])
        return found

    def at(self, place, module, names):
        """The files of a module, of the packages around it, and of modules that are imported from it by name."""
        parts = [part for part in module.split(".") if part]
        below = [parts[: count + 1] for count in range(len(parts))] or [[]]
        below += [parts + [name] for name in names]
        found = []
        for path in ("/".join(([place] if place else []) + one) for one in below):
            found += [file for file in (path + ".py", path + "/__init__.py") if file in self.files]
        return found

    def of_files(self):
        return [self.facts[file] for file in sorted(self.reached) if file in self.facts]

    def may_make_sessions(self, standard):
        """Modules from elsewhere of which nobody knows whether they make one."""
        return sorted(self.elsewhere - WITHOUT_SPARK - set(standard or ()) - {""})
