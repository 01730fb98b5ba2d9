"""What a project's files import and do, and which of them an entry point reaches.

Of each file a few facts are kept and not its syntax tree, which takes a hundred times as much memory. Standard library only; the syntax is
held to Python 3.7.
"""
import ast
import posixpath
import re

from source import last_name, text_of

# Names that make a Spark session, or a context, when they are called.
SESSIONS = {"SparkContext", "SparkSession", "GlueContext"}
SESSION_CALLS = {"getOrCreate"}
# Modules that make one when they are imported or first used.
SESSION_MODULES = ("pyspark.pandas", "pyspark.shell", "databricks.koalas")
# What imports, or runs, what no reader of the source can name.
DYNAMIC = {
    "import_module", "__import__", "run_path", "run_module", "exec", "entry_points", "load_module", "exec_module", "iter_modules", "walk_packages",
    "spec_from_file_location",
}
# From elsewhere, and known to make no Spark session.
WITHOUT_SPARK = {
    "attr", "attrs", "boto3", "botocore", "bs4", "click", "cloudpickle", "dateutil", "dotenv", "fsspec", "jinja2", "joblib", "loguru", "lxml",
    "matplotlib", "numpy", "orjson", "packaging", "pandas", "PIL", "psycopg2", "py4j", "pyarrow", "pydantic", "pymysql", "pyspark", "pytz",
    "redis", "requests", "s3fs", "scipy", "simplejson", "six", "sklearn", "sqlalchemy", "toml", "tomli", "tqdm", "typer",
    "typing_extensions", "urllib3", "yaml",
}
UDFS = {"udf", "pandas_udf", "mapInPandas", "applyInPandas", "foreachPartition", "mapPartitions"}
ADD_FILES = {"addArchive", "addFile", "addPyFile"}
PACKED = (".egg", ".whl", ".zip")
# Calls at module level that only prepare something.
QUIET_CALLS = {
    "getLogger", "basicConfig", "setLevel", "addHandler", "getenv", "get", "Path", "compile", "namedtuple", "TypeVar", "filterwarnings",
    "simplefilter", "insert", "append", "load_dotenv", "dict", "list", "set", "tuple", "frozenset", "int", "str", "float", "bool", "join",
    "dirname", "abspath", "realpath", "resolve", "split", "lower", "upper", "strip", "StructType", "StructField", "ArrayType", "MapType",
    "StringType", "IntegerType", "LongType", "DoubleType", "FloatType", "BooleanType", "DateType", "TimestampType", "DecimalType", "udf",
}
# Files that a job does not start, import by a name made at run time, or offer to be started.
BESIDE = re.compile(
    r"^(?:.*/)?(?:tests?|testing|unit_?tests?|integration_?tests?|docs?|\.[^/]+)/|^(?:.*/)?(?:test_[^/]*|[^/]*_test|conftest|setup|noxfile|fabfile|tasks)\.py$"
)


class Facts:
    """Of one file."""

    def __init__(self, source):
        self.file = source.file
        self.imports = []  # (dotted name, level, names below it, line, whether the source can do without)
        self.makes_session = False
        self.session_at_import = None  # the line
        self.has_udfs = False
        self.dynamic = []  # beginnings of the names that are imported dynamically; "" for any
        self.roots = []  # folders that the source puts on Python's path, as it writes them
        self.unknown_roots = False
        self.added = set()  # names of files that Spark is to hand round
        self.adds_unknown = False
        self.added_python = set()
        self.exits = []  # lines of os._exit
        self.reads_input = []  # (line, what)
        self.set_elsewhere = set()  # names of attributes that are set, on modules for one
        self.session_names = set(SESSIONS)
        self.stdin_names = set()
        self.own_names = {name for name in source.bound}
        self.texts = {text for _, text in source.texts() if 2 < len(text) < 200}
        self.does_something = does_something(source.tree)
        self.defines = any(isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)) for node in source.tree.body)
        self.is_relative = None  # the line of the first relative import
        self.note_imports(source)
        self.note(source)
        self.note_import_time(source.tree)

    def note_imports(self, source):
        only_types = source.only_for_types()
        for node in source.of(ast.Import):
            for alias in node.names:
                self.note_import(alias.name, 0, (), node, source, only_types)
        for node in source.of(ast.ImportFrom):
            names = tuple(alias.name for alias in node.names)
            self.note_import(node.module or "", node.level, names, node, source, only_types)
            if node.level and id(node) not in only_types:
                self.is_relative = min(node.lineno, self.is_relative or node.lineno)
            for alias in node.names:
                if alias.name in SESSIONS and alias.asname:
                    self.session_names.add(alias.asname)
                if node.module == "sys" and alias.name == "stdin":
                    self.stdin_names.add(alias.asname or alias.name)

    def note_import(self, module, level, names, node, source, only_types):
        if id(node) in only_types:
            return
        self.imports.append((module, level, names, node.lineno, id(node) in source.guarded))
        if any(name.startswith(SESSION_MODULES) for name in [module] + ["%s.%s" % (module, name) for name in names]):
            self.makes_session = True

    def note(self, source):
        for node in source.of(ast.Attribute):
            if makes_session(node, self.session_names):
                self.makes_session = True
            if self.is_stdin(node.value) and node.attr not in ("isatty", "fileno", "encoding", "errors", "close", "closed", "reconfigure"):
                self.reads_input.append((node.lineno, "sys.stdin"))
            if isinstance(node.ctx, ast.Store):
                self.set_elsewhere.add(node.attr)
        for node in source.of(ast.For, ast.comprehension):
            if self.is_stdin(node.iter):
                self.reads_input.append((node.iter.lineno, "sys.stdin"))
        for node in source.of(ast.FunctionDef, ast.AsyncFunctionDef):
            self.has_udfs |= any(last_name(one.func if isinstance(one, ast.Call) else one) in UDFS for one in node.decorator_list)
        for node in source.calls():
            self.note_call(node, source)
        for node in source.of(ast.Assign, ast.AugAssign):
            for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                if is_sys_path(target) or isinstance(target, ast.Subscript) and is_sys_path(target.value):
                    self.note_roots(node.value, source)

    def note_call(self, node, source):
        name = last_name(node.func)
        bare = isinstance(node.func, ast.Name)
        owner = last_name(node.func.value) if isinstance(node.func, ast.Attribute) else None
        self.has_udfs |= name in UDFS
        self.makes_session |= makes_session(node, self.session_names)
        if name in DYNAMIC and not (name == "exec" and not bare):
            self.dynamic.append(source.text(node.args[0]) or "" if node.args else "")
        if name == "_exit":
            self.exits.append(node.lineno)
        if bare and name in ("input", "breakpoint") and name not in self.own_names:
            self.reads_input.append((node.lineno, name + "()"))
        if (owner, name) in (("getpass", "getpass"), ("pdb", "set_trace"), ("fileinput", "input")):
            self.reads_input.append((node.lineno, "%s.%s()" % (owner, name)))
        if any(self.is_stdin(argument) for argument in node.args):
            self.reads_input.append((node.lineno, "sys.stdin"))
        if isinstance(node.func, ast.Attribute) and is_sys_path(node.func.value) or (owner, name) == ("site", "addsitedir"):
            for argument in node.args:
                if not isinstance(argument, ast.Constant) or text_of(argument) is not None:
                    self.note_roots(argument, source)
        if name in ADD_FILES:
            self.note_added(name, source.beginning(node.args[0]) if node.args else None)

    def note_added(self, name, path):
        if path is None or not path[1]:
            self.adds_unknown = True
            return
        base = posixpath.basename(path[0].split("#")[-1])
        self.added.add(base)
        if name == "addPyFile":
            self.added_python.add(path[0])

    def note_roots(self, node, source):
        """A folder on Python's path: what can be known of it are the texts in it, together and one by one."""
        texts = [source.constants[inner.id][0] if isinstance(inner, ast.Name) and inner.id in source.constants else text_of(inner) for inner in ast.walk(node)]
        texts = [text for text in texts if text]
        if not texts and not any(getattr(inner, "id", None) == "__file__" for inner in ast.walk(node)):
            self.unknown_roots = True
        self.roots += texts + (["/".join(texts)] if len(texts) > 1 else []) + ["..", "../.."]

    def is_stdin(self, node):
        if isinstance(node, ast.Name):
            return node.id in self.stdin_names
        return isinstance(node, ast.Attribute) and node.attr == "stdin" and getattr(node.value, "id", None) == "sys"

    def note_import_time(self, tree):
        """Whether a session is made as soon as the file is imported."""
        waiting = list(tree.body)
        while waiting:
            node = waiting.pop()
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)) or isinstance(node, ast.If) and is_main_guard(node.test):
                continue
            if isinstance(node, ast.Call) and makes_session(node, self.session_names):
                self.session_at_import = min(node.lineno, self.session_at_import or node.lineno)
            waiting += ast.iter_child_nodes(node)


def is_sys_path(node):
    return isinstance(node, ast.Attribute) and node.attr == "path" and last_name(node.value) == "sys"


def is_main_guard(test):
    return any(isinstance(inner, ast.Name) and inner.id == "__name__" for inner in ast.walk(test))


def makes_session(node, names):
    if isinstance(node, ast.Attribute):
        return node.attr == "builder" and last_name(node.value) in names
    return isinstance(node, ast.Call) and (last_name(node.func) in names or last_name(node.func) in SESSION_CALLS)


def does_something(tree):
    return not all(is_quiet(node) for node in tree.body)


def is_quiet(node):
    """Whether a statement at module level only prepares what others call."""
    if isinstance(node, (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Pass, ast.Raise)):
        return True
    if isinstance(node, ast.If):
        return not is_main_guard(node.test) and all(is_quiet(inner) for inner in node.body + node.orelse)
    if isinstance(node, ast.Try):
        handled = [inner for handler in node.handlers for inner in handler.body]
        return all(is_quiet(inner) for inner in node.body + handled + node.orelse + node.finalbody)
    if isinstance(node, (ast.Expr, ast.Assign, ast.AnnAssign, ast.AugAssign)):
        calls = [inner for inner in ast.walk(node) if isinstance(inner, ast.Call)]
        return all(last_name(call.func) in QUIET_CALLS for call in calls)
    return False


class Reach:
    """The files that an entry point's imports lead to, read as they are met, and what is imported there from elsewhere."""

    def __init__(self, entry, module, files, roots, read):
        """`read` gives the facts of a file, or None for one that is no source."""
        self.entry = entry
        self.files = files
        self.folders = {posixpath.dirname(file) for file in files}
        for folder in list(self.folders):
            while folder:
                folder = posixpath.dirname(folder)
                self.folders.add(folder)
        self.roots = list(roots)
        self.read = read
        self.unknown_roots = False
        self.elsewhere = set()
        self.reached = {}
        self.follow([entry] + ([] if not module else self.packages_above(entry)))

    def follow(self, waiting):
        """Folders that a source puts on the path are roots for all that were read before it, too."""
        while waiting:
            before = list(self.roots)
            while waiting:
                file = waiting.pop()
                if file in self.reached:
                    continue
                facts = self.read(file)
                self.reached[file] = facts
                if facts is not None:
                    self.note_roots(facts)
                    waiting += self.next_of(facts)
            if before == self.roots:
                return
            waiting = [one for facts in self.of_files() for one in self.next_of(facts) if one not in self.reached]

    def next_of(self, facts):
        found = self.imported_by(facts) + self.named_by(facts)
        for beginning in facts.dynamic:
            found += self.any_of(beginning)
        return found

    def any_of(self, beginning):
        """What may be imported by a name, or started by a path, that begins so."""
        path = beginning.replace("\\", "/")
        if path.endswith(".py") and path in self.files:
            return [path]
        prefixes = [(root + "/" if root else "") + path.replace(".", "/") for root in self.roots]
        return [file for file in self.files if file.endswith(".py") and not BESIDE.match(file) and (not beginning or file.startswith(tuple(prefixes)))]

    def named_by(self, facts):
        """Files that the source names in a text: to start them, or to hand them to Spark."""
        names = [text for text in facts.texts if text.endswith(".py")]
        folder = posixpath.dirname(facts.file)
        return [path for text in names for path in (posixpath.normpath(text), posixpath.normpath(posixpath.join(folder, text))) if path in self.files]

    def note_roots(self, facts):
        self.unknown_roots |= facts.unknown_roots
        folder = posixpath.dirname(facts.file)
        for text in facts.roots:
            for root in (text.strip("/"), posixpath.join(folder, text.strip("/"))):
                root = posixpath.normpath(root.replace("\\", "/"))
                root = "" if root == "." else root
                known = root in self.folders or root in self.files and root.endswith(PACKED)
                if known and root not in self.roots:
                    self.roots.append(root)

    def imported_by(self, facts):
        found = []
        for module, level, names, _, _ in facts.imports:
            if level:
                found += self.at(self.folder_of(facts.file, level), module, names)
                continue
            own = [file for root in self.roots for file in self.at(root, module, names)]
            own = own or self.off_the_path(module, names)
            found += own
            if not own:
                self.elsewhere.add(module.split(".")[0])
        return found

    def off_the_path(self, module, names):
        """Followed as well: whoever mends the path wants to know what comes next."""
        return self.at("src", module, names) if "src" not in self.roots else []

    @staticmethod
    def folder_of(file, level):
        folder = posixpath.dirname(file)
        for _ in range(level - 1):
            folder = posixpath.dirname(folder)
        return folder

    def packages_above(self, entry):
        folder = posixpath.dirname(entry)
        above = []
        while folder:
            above.append(folder + "/__init__.py")
            folder = posixpath.dirname(folder)
        return [file for file in above if file in self.files]

    def at(self, root, module, names):
        """The files of a module, of the packages around it, and of modules that are imported from it by name."""
        parts = [part for part in module.split(".") if part]
        below = [parts[: count + 1] for count in range(len(parts))] or [[]]
        below += [parts + [name] for name in names]
        found = []
        for path in ("/".join(([root] if root else []) + one) for one in below):
            found += [file for file in (path + ".py", path + "/__init__.py") if file in self.files]
        return found

    def of_files(self):
        return [self.reached[file] for file in sorted(self.reached) if self.reached[file] is not None]

    def may_make_sessions(self, standard):
        """Modules from elsewhere of which nobody knows whether they make one."""
        return sorted(self.elsewhere - WITHOUT_SPARK - set(standard or ()) - {""})
