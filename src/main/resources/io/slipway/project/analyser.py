"""Reads a project's sources as syntax trees and says what will not work on a cluster: analyser.py <folder> <entry file or "">

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
MASTER_LINE = re.compile(r"""^[\s"']*(?:spark[._])?master(?:[._]?url)?["']?\s*[:=]\s*["']?([^"'\s,#;]+)""", re.IGNORECASE)
LAPTOP = re.compile(r"^(?:file:/{1,3})?(?:/home/|/Users/|/root/|/tmp/|/mnt/c/|~/|[A-Za-z]:[\\/])\S")
READERS = {"csv", "json", "parquet", "orc", "text", "load", "save"}
CONTEXT_READERS = {"textFile", "wholeTextFiles", "sequenceFile", "binaryFiles", "saveAsTextFile"}
CHAINS = {"read", "write", "readStream", "writeStream"}
ON_A_CLUSTER = {"pyspark", "py4j"}
MOST = 200


class Findings:
    def __init__(self):
        self.count = 0

    def add(self, code, severity, file, line, what, way_out):
        self.count += 1
        if self.count <= MOST:
            print(json.dumps({"code": code, "severity": severity, "file": file, "line": line, "what": what, "wayOut": way_out}))


class Reader(ast.NodeVisitor):
    """Walks over one file."""

    def __init__(self, file, found, known):
        self.file = file
        self.found = found
        self.known = known
        self.docstrings = set()

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
        if self.known is not None and top not in self.known:
            self.warn(
                "import-not-in-project",
                node,
                "%s is neither in the project nor in Python's standard library." % top,
                "It must be installed on the cluster, or come in pythonEnvironment or a folder of pythonPath.",
                "INFO",
            )

    def visit_Call(self, node):
        name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
        texts = [text_of(argument) for argument in node.args]
        first = texts[0] if texts else None
        is_setting = name in ("set", "config", "setIfMissing") and texts[:1] == ["spark.master"]
        master = (texts[1] if len(texts) > 1 else None) if is_setting else first
        if (name in ("setMaster", "master") or is_setting) and master is not None and master.startswith("local"):
            self.warn(
                "local-master",
                node,
                'The master is set to "%s" in the code, which wins over the cluster\'s.' % master,
                "Leave the master out; spark-submit sets it, on a laptop as on a cluster.",
            )
        if name == "registerTempTable":
            self.warn(
                "register-temp-table",
                node,
                "registerTempTable is deprecated and gone in Spark 4.",
                "Use createOrReplaceTempView.",
            )
        if first is not None and is_relative(first) and self.reads_by_spark(node.func, name):
            self.warn(
                "relative-spark-path",
                node,
                'Spark resolves the relative path "%s" in the cluster\'s file system (HDFS), not in the project.' % first,
                "Name an s3:// URI, or read the file by Python and hand Spark the rows.",
            )
        self.generic_visit(node)

    @staticmethod
    def reads_by_spark(function, name):
        if name in CONTEXT_READERS:
            return True
        while name in READERS and isinstance(function, (ast.Attribute, ast.Call)):
            if isinstance(function, ast.Attribute) and function.attr in CHAINS:
                return True
            function = function.value if isinstance(function, ast.Attribute) else function.func
        return False

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
        if LAPTOP.match(value) and len(value) < 1000:
            self.warn(
                "laptop-path",
                node,
                'The path "%s" is one of a single machine.' % value[:200],
                "Put the file into the project and open it by a relative path, or name an s3:// URI.",
            )


def text_of(node):
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
    quiet = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Assign, ast.AnnAssign, ast.Pass)
    for node in tree.body:
        if isinstance(node, ast.Expr) and text_of(node.value) is not None:
            continue
        if isinstance(node, (ast.Assign, ast.AnnAssign)) and any(isinstance(inner, ast.Call) for inner in ast.walk(node)):
            return True
        if not isinstance(node, quiet):
            return True
    return False


def known_modules(files, folder, places):
    standard = getattr(sys, "stdlib_module_names", None)
    if standard is None:
        return None
    known = set(standard) | ON_A_CLUSTER | {"__main__", "__future__"}
    for place in [""] + places:
        prefix = place + "/" if place else ""
        for path in files:
            if path.startswith(prefix):
                parts = path[len(prefix):].split("/")
                known.add(parts[0][:-3] if parts[0].endswith(".py") else parts[0])
    return known


def master_lines(path, name, found):
    with open(path, encoding="utf-8", errors="replace") as file:
        for number, line in enumerate(file, 1):
            match = MASTER_LINE.match(line)
            if match and match.group(1).lower() not in ("yarn", "null", "none", "{", "["):
                found.add(
                    "config-master",
                    "WARNING",
                    name,
                    number,
                    'The configuration names the master "%s".' % match.group(1)[:200],
                    "Lay a file over it that says yarn: -F 'config=@cluster.ini;filename=%s'" % name,
                )


def limit_memory():
    """A source of a megabyte can ask for a hundred times as much."""
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))
    except (ImportError, ValueError, OSError):
        pass


def main(folder, entry, places):
    limit_memory()
    found = Findings()
    files = []
    for root, folders, names in os.walk(folder):
        folders.sort()
        files += [os.path.relpath(os.path.join(root, name), folder).replace(os.sep, "/") for name in sorted(names)]
    entry_folder = os.path.dirname(entry)
    known = known_modules(files, folder, places + ([entry_folder] if entry_folder else []))
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
            Reader(name, found, known).visit(tree)
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


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
