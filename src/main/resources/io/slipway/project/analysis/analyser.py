"""Reads a project's sources as syntax trees and says what will not work on a cluster.

    analyser.py <folder> <entry file or ""> <modules of wheels> <host of the driver> <layout> <places…>

Prints one JSON object a line: code, severity, file, line, what, wayOut. Nothing of the project is imported or run. Standard library
only; the syntax is held to Python 3.7.
"""
import ast
import json
import os
import re
import sys
import warnings

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))  # which isolated mode leaves out

from reach import Facts, Reach, last_name
from spark_paths import UNKNOWN, in_sql, is_local, is_relative

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
READERS = {"csv", "json", "parquet", "orc", "text", "xml", "load", "save", "start"}
CONTEXT_READERS = {"textFile", "wholeTextFiles", "sequenceFile", "binaryFiles", "saveAsTextFile"}
CHECKPOINTS = {"spark.sql.streaming.checkpointLocation", "spark.checkpoint.dir"}
FILES_OF_SPARK = {"spark.archives", "spark.files", "spark.jars", "spark.submit.pyFiles"}
TAKES_A_FILE = {"addArchive", "addFile", "addPyFile"}
PATH_OF_FILE = {"abspath", "dirname", "realpath", "Path", "PurePath"}
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


# As DriverHost names them.
PROCESS, WITH_LATE_CONTEXT, YARN_ALONE = "PROCESS", "YARN_WITH_LATE_CONTEXT", "YARN_ALONE"
NO_CONTEXT = "YARN ends such a driver FAILED (\"User did not initialize spark context\", exit 13), however well it ran"


class Findings:
    def __init__(self):
        self.count = {"WARNING": 0, "INFO": 0}

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

    def __init__(self, file, found, project, tree):
        self.file = file
        self.found = found
        self.project = project
        self.docstrings = set()
        self.constants, self.chained, self.local = names_of(tree)
        self.file_paths = set()

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
        self.settings(node, name, texts, keywords)
        if name in TAKES_A_FILE:
            self.added_file(node, name, first)
        if name in PATH_OF_FILE:
            self.path_of_file(node)
        if is_sys_path(node.func):
            self.project.add_places(node)
            return
        self.generic_visit(node)

    def settings(self, node, name, texts, keywords):
        key, value = (texts[0], node.args[1]) if len(node.args) > 1 else (None, None)
        checkpoint = value if key in CHECKPOINTS or (name == "option" and key == "checkpointLocation") else None
        if name == "setCheckpointDir" and node.args:
            checkpoint = node.args[0]
        for keyword in node.keywords:
            if keyword.arg == "checkpointLocation":
                checkpoint = keyword.value
        if checkpoint is not None:
            self.checkpoint(node, checkpoint)
        if name == "option" and key == "path" and (is_chain(node.func) or self.is_chained(node.func)):
            self.spark_path(node, value)
        if name in ("set", "config", "setIfMissing") and key in FILES_OF_SPARK and self.project.host != PROCESS:
            self.files_of_spark(node, key, self.value(value))

    def checkpoint(self, node, value):
        path = self.value(value)
        if path is not None and is_relative(path):
            self.warn(
                "relative-checkpoint",
                node,
                'The relative checkpoint location "%s" lies in the home of the cluster\'s user in HDFS, which all runs share:'
                " each goes on where another one stopped." % path[:200],
                "Name an s3:// URI of the stream's own.",
            )
        elif is_local(value, self.local):
            self.local_path(node)

    def files_of_spark(self, node, key, paths):
        for path in (paths or "").split(","):
            if is_relative(path.strip()):
                self.warn(
                    "relative-spark-path",
                    node,
                    '%s names "%s": Spark\'s JVM looks for it in the container\'s folder, not in the project.' % (key, path.strip()[:200]),
                    "Name an s3:// URI; Python files and data can be added by addPyFile and addFile.",
                )

    def added_file(self, node, name, path):
        if name == "addPyFile":
            self.project.comes_by_spark(path)
        if path is not None and path.endswith(".py") and is_relative(path) and self.project.host == YARN_ALONE:
            self.warn(
                "file-not-in-container",
                node,
                'In layout split "%s" travels inside the project\'s zip, where %s does not find it.' % (path[:200], name),
                "Import it without %s: executors have the zip, too. Or use layout unchanged." % name,
            )

    def path_of_file(self, node):
        if self.project.layout != "SPLIT" or not any(getattr(inner, "id", None) == "__file__" for inner in ast.walk(node)):
            return
        if node.lineno in self.file_paths:
            return
        self.file_paths.add(node.lineno)
        if self.file == self.project.entry:
            what = "In layout split nothing of the project lies beside the entry point on executors, so paths made of __file__ are the driver's alone."
        else:
            what = "In layout split this module is imported from a zip, on executors always: there is no file at a path made of __file__."
        self.warn(
            "file-relative-in-split",
            node,
            what,
            "Open files by their paths from the project's root, or use layout unchanged.",
            "INFO" if self.file == self.project.entry else "WARNING",
        )

    def master(self, node, master):
        if master is not None and MASTER.match(master) and master.startswith("local"):
            what = 'The master is set to "%s" in the code, which wins over the cluster\'s: the driver works alone.' % master[:200]
            if self.project.host == WITH_LATE_CONTEXT:
                what += " When the program has ended well, Slipway's launcher stops that context and makes one of the cluster's, without which YARN would call the job FAILED."
            elif self.project.host != PROCESS:
                what += " The job will fail: %s." % NO_CONTEXT
            self.warn("local-master", node, what, "Leave the master out; spark-submit sets it, on a laptop as on a cluster.")

    def spark_paths(self, node, keywords):
        first = node.args[0] if node.args else None
        several = first.elts if isinstance(first, (ast.List, ast.Tuple)) else [first]
        several = [one for one in several if one is not None]
        for path in several + [keyword.value for keyword in node.keywords if keyword.arg == "path"]:
            self.spark_path(node, path)

    def spark_path(self, node, value):
        path = self.value(value)
        if path is not None and is_relative(path):
            self.relative_path(node, path)
        elif is_local(value, self.local):
            self.local_path(node)

    def relative_path(self, node, path):
        self.warn(
            "relative-spark-path",
            node,
            'Spark resolves the relative path "%s" in the cluster\'s file system (HDFS), not in the project.' % path[:200],
            "Name an s3:// URI, or read the file by Python and hand Spark the rows.",
        )

    def local_path(self, node):
        self.warn(
            "local-spark-path",
            node,
            "Spark is given a path on the driver's own disk: it looks for it in the cluster's file system (HDFS), and with file:// its"
            " executors look on their own disks.",
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

    def is_chained(self, function):
        while isinstance(function, (ast.Attribute, ast.Call)):
            function = function.value if isinstance(function, ast.Attribute) else function.func
        return getattr(function, "id", None) in self.chained

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
        self.text(node, text_of(node), whole_text_of(node))
        for part in node.values:
            if not isinstance(part, ast.Constant):
                self.visit(part)

    def visit_Constant(self, node):
        self.text(node, node.value)

    def visit_Str(self, node):  # Python 3.7
        self.text(node, node.s)

    def text(self, node, value, whole=None):
        if not isinstance(value, str) or id(node) in self.docstrings:
            return
        for path in in_sql(whole or value):
            if is_relative(path):
                self.relative_path(node, path)
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
    """Names that are set once and to a text, that stand for a DataFrame's reader or writer, and that are a path on this disk."""
    constants = {}
    chained = set()
    local = set()
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
        if is_local(node.value, local):
            local.add(name)
    return constants, chained, local


def is_chain(node):
    while isinstance(node, (ast.Attribute, ast.Call)):
        if isinstance(node, ast.Attribute) and node.attr in CHAINS:
            return True
        node = node.value if isinstance(node, ast.Attribute) else node.func
    return False


def is_sys_path(function):
    """Of the methods of a list of folders: sys.path.insert, for one."""
    return isinstance(function, ast.Attribute) and isinstance(function.value, ast.Attribute) and function.value.attr == "path" and last_name(function.value.value) == "sys"


def text_of(node):
    """Of a literal, or of the beginning of an f-string."""
    if isinstance(node, ast.JoinedStr):
        return text_of(node.values[0]) if node.values else ""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    return getattr(node, "s", None) if type(node).__name__ == "Str" else None


def whole_text_of(node):
    """Of an f-string, with marks where values come in."""
    return "".join(text_of(part) if text_of(part) is not None else UNKNOWN for part in node.values)


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


class Project:
    """What is known of all files together, and what can be told only of them together."""

    def __init__(self, files, entry, from_wheels, host, layout, places):
        self.files = files
        self.entry = entry
        self.host = host
        self.layout = layout
        folder = os.path.dirname(entry)
        self.places = list(dict.fromkeys(([folder] if folder else []) + [""] + places))
        self.standard = getattr(sys, "stdlib_module_names", None)
        self.known = set(self.standard or ()) | ON_A_CLUSTER | {"__main__", "__future__"} | set(from_wheels)
        self.everything_may_come = False
        self.facts = {}

    def add_places(self, call):
        """Folders that a source itself puts on Python's path."""
        texts = [text_of(inner) for inner in ast.walk(call)]
        for text in texts:
            place = os.path.normpath(text).replace(os.sep, "/").strip("/") if text else None
            if place and place not in self.places and any(file.startswith(place + "/") for file in self.files):
                self.places.append(place)

    def comes_by_spark(self, path):
        if path is not None and path.endswith(".py"):
            self.known.add(os.path.basename(path)[: -len(".py")])
        else:
            self.everything_may_come = True  # what is inside cannot be seen here

    def end(self, found):
        self.missing_modules(found)
        reach = Reach(self.facts, self.entry, self.files, self.places)
        reached = reach.of_files() if self.entry in self.facts else list(self.facts.values())
        for facts in reached:
            self.standard_input(facts, found)
            self.session_at_import(facts, found)
        if self.entry in self.facts and self.host != PROCESS and not any(facts.makes_session for facts in reached):
            self.no_session(reached, reach.may_make_sessions(self.standard), found)

    def missing_modules(self, found):
        if self.standard is None:
            what = "Python %d.%d of the service does not list its standard library, so imports were not looked at." % sys.version_info[:2]
            found.add("imports-not-checked", "INFO", None, None, what, "Let slipway.submission.plans.python be 3.10 or later.")
            return
        known = set(self.known)
        for place in self.places:
            prefix = place + "/" if place else ""
            known.update(path[len(prefix):].split("/")[0].split(".")[0] for path in self.files if path.startswith(prefix))
        for facts in self.facts.values():
            for module, level, _, line in facts.imports:
                top = module.split(".")[0]
                if level or not top or top in known or self.everything_may_come:
                    continue
                known.add(top)
                found.add(
                    "import-not-in-project",
                    "INFO",
                    facts.file,
                    line,
                    "%s is neither in the project nor in Python's standard library." % top,
                    "It must be installed on the cluster, or come in pythonEnvironment or a folder of pythonPath.",
                )

    def standard_input(self, facts, found):
        end = "waits for ever in layout split" if self.host == YARN_ALONE else "finds its end at once"
        way_out = "Take it as an argument, from the environment or from a file."
        if self.host == YARN_ALONE:
            way_out += " In layout unchanged it would not wait."
        for line, what in sorted(set(facts.reads_input)):
            what = "%s reads standard input, where nobody types on a cluster: it %s." % (what, end)
            found.add("standard-input", "WARNING", facts.file, line, what, way_out)

    def session_at_import(self, facts, found):
        line = facts.session_at_import
        if line is None or facts.file == self.entry:
            return
        package = os.path.basename(facts.file) == "__init__.py"
        if package or facts.has_udfs:
            found.add(
                "session-at-import",
                "WARNING",
                facts.file,
                line,
                "Importing this %s makes a Spark session. Executors import it, too, when they run its functions, and Spark refuses one there."
                % ("package" if package else "module"),
                "Make the session in a function, which the entry point calls.",
            )

    def no_session(self, reached, unsure, found):
        what = "Nothing of the project that the entry point reaches makes a Spark session"
        what += " (unless %s does): " % ", ".join(unsure[:5]) if unsure else ": "
        exits = [(facts.file, line) for facts in reached for line in facts.exits]
        severity = "INFO" if unsure else "WARNING"
        if self.host != WITH_LATE_CONTEXT:
            layout = "Use layout unchanged, where Slipway helps such programs" if self.host == YARN_ALONE else "Have jobs.late-context switched on for the cluster"
            found.add("no-spark-session", severity, self.entry, 1, what + NO_CONTEXT + ".", layout + ", or make a SparkSession and stop it at the end.")
        elif exits:
            what += "%s, and os._exit leaves Slipway's launcher no chance to prevent that." % NO_CONTEXT
            found.add("no-spark-session", severity, exits[0][0], exits[0][1], what, "End by sys.exit, or make a SparkSession.")
        else:
            what += "%s. So Slipway's launcher makes a context without executors at a good end, which takes some seconds." % NO_CONTEXT
            found.add("no-spark-session", "INFO", self.entry, 1, what, "Nothing has to be done.")


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


def main(folder, entry, from_wheels, host, layout, places):
    limit_memory()
    found = Findings()
    files = []
    for root, folders, names in os.walk(folder):
        folders.sort()
        files += [os.path.relpath(os.path.join(root, name), folder).replace(os.sep, "/") for name in sorted(names)]
    project = Project(files, entry, from_wheels, host, layout, places)
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
            project.facts[name] = Facts(name, tree)
            Reader(name, found, project, tree).visit(tree)
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
    project.end(found)
    found.end()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], [name for name in sys.argv[3].split(",") if name], sys.argv[4], sys.argv[5], sys.argv[6:])
