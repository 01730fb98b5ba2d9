"""Reads a project's sources as syntax trees and says what will not work on a cluster: analyser.py <folder> <entry file or ""> <modules of wheels> <places…>

Prints one JSON object a line: code, severity, file, line, what, wayOut. Nothing of the project is imported or run. Standard library
only; the syntax is held to Python 3.7.
"""
import ast
import json
import os
import re
import sys
import warnings

CONFIGS = (".ini", ".cfg", ".conf", ".properties", ".toml", ".yml", ".yaml", ".json", ".env")
MASTER_KEY = r"(?P<key>(?:spark[._])?master(?:[._-]?url)?)"
MASTER_LINE = re.compile(r"""^\s*(?:export\s+)?["']?%s["']?\s*[:=]\s*["']?(?P<value>[^"'\s,#;}]+)""" % MASTER_KEY, re.IGNORECASE)
MASTER_IN_JSON = re.compile(r"""["']%s["']\s*:\s*["'](?P<value>[^"']+)["']""" % MASTER_KEY, re.IGNORECASE)
MASTER = re.compile(r"^(?:local(?:-cluster)?(?:\[|$)|spark://|mesos://|k8s://)")
SUBMIT_LOCAL = re.compile(r"--master[ =]+local")
# /home/hadoop is the home of EMR's own nodes.
LAPTOP = re.compile(
    r"^(?:file:/{1,3}(?=[A-Za-z~])|file://(?=/))?"
    r"(?:/home/(?!hadoop(?:/|$))|/Users/|/root/|/Volumes/|/media/|/mnt/[a-z]/|~(?:[/\\]|$)|[A-Za-z]:[\\/][\w .$-]+(?:[\\/]|$))"
)
READERS = {"csv", "json", "parquet", "orc", "text", "load", "save"}
CONTEXT_READERS = {"textFile", "wholeTextFiles", "sequenceFile", "binaryFiles", "saveAsTextFile"}
CHAINS = {"read", "write", "readStream", "writeStream"}
ON_A_CLUSTER = {"pyspark", "py4j"}
# Calls at module level that only prepare something.
QUIET_CALLS = {
    "getLogger", "basicConfig", "setLevel", "addHandler", "getenv", "get", "Path", "compile", "namedtuple", "TypeVar", "filterwarnings",
    "simplefilter", "insert", "append", "load_dotenv", "dict", "list", "set", "tuple", "frozenset", "int", "str", "float", "bool", "join",
    "dirname", "abspath", "realpath", "resolve", "split", "lower", "upper", "strip", "StructType", "StructField", "ArrayType", "MapType",
    "StringType", "IntegerType", "LongType", "DoubleType", "FloatType", "BooleanType", "DateType", "TimestampType", "DecimalType", "udf",
}
MOST = {"WARNING": 500, "INFO": 100}


class Findings:
    def __init__(self):
        self.count = {"WARNING": 0, "INFO": 0}
        self.modules = set()

    def add(self, code, severity, file, line, what, way_out):
        self.count[severity] += 1
        if self.count[severity] <= MOST[severity]:
            print(json.dumps({"code": code, "severity": severity, "file": file, "line": line, "what": what, "wayOut": way_out}))

    def end(self):
        for severity, count in self.count.items():
            if count > MOST[severity]:
                what = "There are %d more findings of this severity." % (count - MOST[severity])
                print(json.dumps({"code": "findings-cut", "severity": severity, "what": what, "wayOut": "Mend the ones shown and plan again."}))


class Reader(ast.NodeVisitor):
    """Walks over one file."""

    def __init__(self, file, found, known, tree):
        self.file = file
        self.found = found
        self.known = known
        self.docstrings = set()
        self.constants, self.chained = names_of(tree)

    def warn(self, code, node, what, way_out, severity="WARNING"):
        self.found.add(code, severity, self.file, node.lineno, what, way_out)

    def visit_Module(self, node):
        self.note_docstring(node)
        self.generic_visit(node)

    def visit_ClassDef(self, node):
        self.note_docstring(node)
        self.generic_visit(node)

    def visit_FunctionDef(self, node):
        self.note_docstring(node)
        self.generic_visit(node)

    visit_AsyncFunctionDef = visit_FunctionDef

    def note_docstring(self, node):
        if node.body and isinstance(node.body[0], ast.Expr):
            self.docstrings.add(id(node.body[0].value))

    def visit_Import(self, node):
        for name in node.names:
            self.imported(node, name.name)

    def visit_ImportFrom(self, node):
        if not node.level and node.module:
            self.imported(node, node.module)

    def imported(self, node, name):
        top = name.split(".")[0]
        if self.known is None or top in self.known or top in self.found.modules:
            return
        self.found.modules.add(top)
        self.warn(
            "import-not-in-project",
            node,
            "%s is neither in the project nor in Python's standard library." % top,
            "It must be installed on the cluster, or come in pythonEnvironment or a folder of pythonPath.",
            "INFO",
        )

    def value(self, node):
        """The text of a literal, of the beginning of an f-string, or of a name that the module sets once; None for others."""
        if isinstance(node, ast.Name):
            return self.constants.get(node.id)
        return text_of(node)

    def visit_Call(self, node):
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        texts = [self.value(argument) for argument in node.args]
        keywords = {keyword.arg: self.value(keyword.value) for keyword in node.keywords if keyword.arg}
        first = texts[0] if texts else None
        if name in ("setMaster", "master", "SparkContext"):
            self.master(node, first)
        if name in ("set", "config", "setIfMissing") and first == "spark.master" and len(texts) > 1:
            self.master(node, texts[1])
        self.master(node, keywords.get("master"))
        if name == "home" and getattr(node.func, "value", None) is not None and last_name(node.func.value) == "Path":
            self.laptop_path(node, "Path.home()")
        if name == "registerTempTable":
            self.warn(
                "register-temp-table",
                node,
                "registerTempTable is deprecated and gone in Spark 4.",
                "Use createOrReplaceTempView.",
            )
        if self.reads_by_spark(node.func, name):
            self.spark_paths(node, keywords)
        self.generic_visit(node)

    def master(self, node, master):
        if master is not None and MASTER.match(master) and master.startswith("local"):
            self.warn(
                "local-master",
                node,
                'The master is set to "%s" in the code, which wins over the cluster\'s.' % master[:200],
                "Leave the master out; spark-submit sets it, on a laptop as on a cluster.",
            )

    def spark_paths(self, node, keywords):
        first = node.args[0] if node.args else None
        several = first.elts if isinstance(first, (ast.List, ast.Tuple)) else [first]
        paths = [self.value(one) for one in several if one is not None] + [keywords.get("path")]
        for path in paths:
            if path is not None and is_relative(path):
                self.warn(
                    "relative-spark-path",
                    node,
                    'Spark resolves the relative path "%s" in the cluster\'s file system (HDFS), not in the project.' % path[:200],
                    "Name an s3:// URI, or read the file by Python and hand Spark the rows.",
                )

    def reads_by_spark(self, function, name):
        if name in CONTEXT_READERS:
            return True
        while name in READERS and isinstance(function, (ast.Attribute, ast.Call, ast.Name)):
            if isinstance(function, ast.Name):
                return function.id in self.chained
            if isinstance(function, ast.Attribute) and function.attr in CHAINS:
                return True
            function = function.value if isinstance(function, ast.Attribute) else function.func
        return False

    def visit_Tuple(self, node):
        if len(node.elts) == 2 and self.value(node.elts[0]) == "spark.master":
            self.master(node, self.value(node.elts[1]))
        self.generic_visit(node)

    visit_List = visit_Tuple

    def visit_Dict(self, node):
        for key, value in zip(node.keys, node.values):
            if key is not None and text_of(key) == "spark.master":
                self.master(value, self.value(value))
        self.generic_visit(node)

    def visit_JoinedStr(self, node):
        self.text(node, text_of(node))
        for part in node.values:
            if not isinstance(part, ast.Constant):
                self.visit(part)

    def visit_Constant(self, node):
        self.text(node, node.value)

    def visit_Str(self, node):  # Python 3.7
        self.text(node, node.s)

    def text(self, node, value):
        if not isinstance(value, str) or id(node) in self.docstrings:
            return
        if value == "spark.sql.execution.arrow.enabled":
            self.warn(
                "arrow-setting",
                node,
                "spark.sql.execution.arrow.enabled is deprecated since Spark 3.0.",
                "Use spark.sql.execution.arrow.pyspark.enabled.",
            )
        if SUBMIT_LOCAL.search(value[:1000]):
            self.master(node, "local")
        if LAPTOP.match(value) and len(value) < 1000:
            self.laptop_path(node, value)

    def laptop_path(self, node, path):
        self.warn(
            "laptop-path",
            node,
            'The path "%s" is one of a single machine.' % path[:200],
            "Put the file into the project and open it by a relative path, or name an s3:// URI.",
        )


def names_of(tree):
    """Names that are set once and to a text, and names that stand for a DataFrame's reader or writer."""
    constants = {}
    chained = set()
    seen = set()
    for node in ast.walk(tree):
        if not isinstance(node, ast.Assign) or len(node.targets) != 1 or not isinstance(node.targets[0], ast.Name):
            continue
        name = node.targets[0].id
        text = text_of(node.value)
        if name in seen:
            constants.pop(name, None)
        elif text is not None:
            constants[name] = text
        seen.add(name)
        if is_chain(node.value):
            chained.add(name)
    return constants, chained


def is_chain(node):
    while isinstance(node, (ast.Attribute, ast.Call)):
        if isinstance(node, ast.Attribute) and node.attr in CHAINS:
            return True
        node = node.value if isinstance(node, ast.Attribute) else node.func
    return False


def last_name(node):
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def text_of(node):
    """Of a literal, or of the beginning of an f-string."""
    if isinstance(node, ast.JoinedStr):
        return text_of(node.values[0]) if node.values else ""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    return getattr(node, "s", None) if type(node).__name__ == "Str" else None


def is_relative(path):
    return bool(path) and not path.startswith("/") and "://" not in path and not re.match(r"^(s3|hdfs|file):", path)


def parse(path):
    with open(path, "rb") as file:
        source = file.read()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(source, path)


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


def is_main_guard(test):
    return any(isinstance(inner, ast.Name) and inner.id == "__name__" for inner in ast.walk(test))


def known_modules(files, places, from_wheels):
    standard = getattr(sys, "stdlib_module_names", None)
    if standard is None:
        return None
    known = set(standard) | ON_A_CLUSTER | {"__main__", "__future__"} | set(from_wheels)
    for place in [""] + places:
        prefix = place + "/" if place else ""
        for path in files:
            if path.startswith(prefix):
                parts = path[len(prefix):].split("/")
                known.add(parts[0].split(".")[0])
    return known


def master_lines(path, name, found):
    with open(path, encoding="utf-8", errors="replace") as file:
        for number, line in enumerate(file, 1):
            for match in list(filter(None, [MASTER_LINE.match(line)])) or list(MASTER_IN_JSON.finditer(line)):
                if is_other_master(match.group("key"), match.group("value")):
                    found.add(
                        "config-master",
                        "WARNING",
                        name,
                        number,
                        'The configuration names the master "%s".' % match.group("value")[:200],
                        "Lay a file over it that says yarn: -F 'config=@cluster.ini;filename=%s'" % name,
                    )


def is_other_master(key, value):
    if value.lower() in ("yarn", "null", "none", "{", "[", "|", ">"):
        return False
    # A bare "master" may be a branch, or a mixer's volume.
    return key.lower() != "master" or bool(MASTER.match(value))


def limit_memory():
    """A source of a megabyte can ask for a hundred times as much."""
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))
    except (ImportError, ValueError, OSError):
        pass


def main(folder, entry, from_wheels, places):
    limit_memory()
    found = Findings()
    files = []
    for root, folders, names in os.walk(folder):
        folders.sort()
        files += [os.path.relpath(os.path.join(root, name), folder).replace(os.sep, "/") for name in sorted(names)]
    entry_folder = os.path.dirname(entry)
    known = known_modules(files, places + ([entry_folder] if entry_folder else []), from_wheels)
    if known is None:
        what = "Python %d.%d of the service does not list its standard library, so imports were not looked at." % sys.version_info[:2]
        found.add("imports-not-checked", "INFO", None, None, what, "Let slipway.submission.plans.python be 3.10 or later.")
    for name in files:
        path = os.path.join(folder, *name.split("/"))
        if name.endswith(CONFIGS):
            master_lines(path, name, found)
        if not name.endswith(".py"):
            continue
        try:
            tree = parse(path)
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            line = getattr(error, "lineno", None) or 1
            what = "Python %d.%d cannot read it: %s" % (sys.version_info[0], sys.version_info[1], getattr(error, "msg", error))
            found.add("syntax-error", "WARNING", name, line, what, "Correct it, or start the job with a Python that reads it.")
            continue
        try:
            Reader(name, found, known, tree).visit(tree)
        except RecursionError:
            found.add("not-analysed", "INFO", name, 1, "The file is nested too deeply to be looked at.", "Look at it yourself.")
        if name == entry and not does_something(tree):
            found.add(
                "entry-does-nothing",
                "WARNING",
                name,
                1,
                "The entry point only defines things: no code at module level and no __main__ guard.",
                "Call its main function under if __name__ == '__main__':, or name another entryPoint.",
            )


    found.end()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], [name for name in sys.argv[3].split(",") if name], sys.argv[4:])
