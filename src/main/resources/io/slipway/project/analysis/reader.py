"""Lines of one source that will not work on a cluster. Standard library only; the syntax is held to Python 3.7."""
import ast
import re

from configs import MASTER
from reach import is_sys_path
from source import dotted, last_name, text_of
from spark_paths import DATABRICKS, OF_FILES, OTHER_SYSTEMS, OWN_DISKS, UNKNOWN, in_sql, is_local, is_relative, looks_like_a_path

# As DriverHost names them.
PROCESS, ON_PRIMARY_NODE = "PROCESS", "PRIMARY_NODE"
WITH_LATE_CONTEXT, CONTAINER_ALONE = "CONTAINER_WITH_LATE_CONTEXT", "CONTAINER_ALONE"
LEAVE_OUT_MASTER = "Leave the master out; spark-submit sets it, on a laptop as on a cluster."
NO_CONTEXT = "YARN ends such a driver FAILED (\"User did not initialize spark context\", exit 13), however well it ran"

SUBMIT_LOCAL = re.compile(r"--master[ =]+local")
# /home/hadoop is the home of EMR's own nodes.
LAPTOP = re.compile(
    r"^(?:file:/{1,3}(?=[A-Za-z~])|file://(?=/))?"
    r"(?:/home/(?!hadoop(?:/|$))|/Users/|/root/|/Volumes/|/media/|/mnt/[a-z]/|~[/\\]|[A-Za-z]:[\\/][\w .$-]+(?:[\\/]|$))"
)
# Looks the same as a path of a request or of a document.
PERHAPS_NONE = re.compile(r"^(?:/home/|/Users/|/root/|/media/)")
WITH_A_FILE = re.compile(r"^/(?:home|Users)/[^/]+/.|^/(?:root|media)/.*\.[A-Za-z0-9]{1,8}$|^/root/\.")
TAKES_PATHS = {
    "Path", "PurePath", "PosixPath", "abspath", "chdir", "copy", "copyfile", "copytree", "exists", "expanduser", "fdopen", "glob", "isdir", "isfile", "join",
    "listdir", "makedirs", "mkdir", "move", "open", "read_csv", "read_excel", "read_json", "read_parquet", "read_pickle", "realpath", "remove", "rmtree",
    "scandir", "stat", "to_csv", "to_json", "to_parquet", "to_pickle", "unlink", "walk", "insert", "append",
}
NAME_OF_A_PATH = re.compile(r"^(?!.*x_?path)(?:p|.*(?:path|dir|home|folder|root|base|location).*)$", re.IGNORECASE)
READERS = {"csv", "json", "parquet", "orc", "text", "xml", "load", "save", "start"}
BY_FORMAT = {"load", "save", "start"}
CONTEXT_READERS = {
    "textFile", "wholeTextFiles", "sequenceFile", "binaryFiles", "binaryRecords", "pickleFile", "hadoopFile", "newAPIHadoopFile", "saveAsTextFile",
    "saveAsPickleFile", "saveAsSequenceFile", "saveAsHadoopFile", "saveAsNewAPIHadoopFile", "textFileStream",
}
CHAINS = {"read", "write", "readStream", "writeStream"}
CHECKPOINTS = {"spark.sql.streaming.checkpointLocation", "spark.checkpoint.dir"}
FILES_OF_SPARK = {"spark.archives", "spark.files", "spark.jars", "spark.submit.pyFiles"}
TAKES_A_FILE = {"addArchive", "addFile", "addPyFile"}
PATH_OF_FILE = {"abspath", "dirname", "realpath", "Path", "PurePath"}
SETS = {"set", "config", "setIfMissing"}

# Read by spark-submit or when the driver's JVM starts, which is before the first line of any Python.
LATE = re.compile(
    r"^spark\.(?:jars(?:\..*)?|submit\..*|driver\.(?:memory|memoryOverhead|cores|extraClassPath|extraJavaOptions|extraLibraryPath"
    r"|defaultJavaOptions|resource\..*)|yarn\.(?:am\.|appMasterEnv\.|dist\.|archive$|jars$|queue$|tags$|maxAppAttempts$|principal$|keytab$).*"
    r"|pyspark\.(?:driver\.)?python|master\.rest\..*|kerberos\..*)$"
)
JAVA_OPTIONS = re.compile(r"^spark\..*(?:extraJavaOptions|defaultJavaOptions)$")
# What YARN writes there itself when it starts a container.
OF_YARN = r"(?:PWD|HOME|USER|LOGNAME|JAVA_HOME|CONTAINER_ID|LOCAL_DIRS|LOG_DIRS|[A-Z]+_(?:HOME|CONF_DIR))"
BRACES = re.compile(r"\{\{(?!%s}})|<CPS>" % OF_YARN)

OF_NOTEBOOKS = {
    "dbutils": ("databricks-code", "dbutils exists on Databricks alone", "Use boto3, or Python's own files, and take arguments from sys.argv."),
    "displayHTML": ("databricks-code", "displayHTML exists on Databricks alone", "Take it out."),
    "display": ("notebook-code", "display exists in notebooks alone", "Use show() or print."),
    "get_ipython": ("notebook-code", "get_ipython exists in notebooks alone, whose commands of the shell and magics it runs", "Take these lines out."),
}
OF_SHELLS = {"spark", "sc", "sqlContext"}


class Reader:
    """Looks at one file, node by node."""

    def __init__(self, source, found, project):
        self.source = source
        self.file = source.file
        self.found = found
        self.project = project
        self.chained, self.local, self.models = self.names()
        self.of_other_masters = self.branches_with_a_master()
        self.in_paths = set()
        self.not_paths = set()
        self.file_paths = set()

    def read(self):
        for node in self.source.calls():
            self.note_uses(node)
        for node in self.source.calls():
            self.call(node)
        for node in self.source.of(ast.Tuple, ast.List):
            if len(node.elts) == 2:
                self.pair(node, self.text(node.elts[0]), node.elts[1])
        for node in self.source.of(ast.Dict):
            for key, value in zip(node.keys, node.values):
                self.pair(value, self.text(key), value)
        for node in self.source.of(ast.Assign):
            self.assigned(node)
        self.read_texts()
        self.shell_names()
        self.databricks()

    def names(self):
        """Names that stand for a DataFrame's reader or writer (with its format), that are a path on this disk, and models of Spark."""
        chained, local, models = {}, set(), set()
        for node in sorted(self.source.of(ast.Assign), key=lambda one: (one.lineno, one.col_offset)):
            if len(node.targets) != 1 or not isinstance(node.targets[0], ast.Name):
                continue
            name = node.targets[0].id
            if is_chain(node.value):
                chained[name] = self.format_of(node.value, {})
            if is_local(node.value, local):
                local.add(name)
        for node in self.source.of(ast.ImportFrom):
            if (node.module or "").startswith(("pyspark.ml", "pyspark.mllib")):
                models.update(alias.asname or alias.name for alias in node.names)
        return chained, local, models

    def branches_with_a_master(self):
        """Branches in which the caller chooses the master: no cluster's program goes there, whatever else is set in them."""
        inside = set()
        for node in self.source.of(ast.If):
            for branch in (node.body, node.orelse):
                nodes = [inner for one in branch for inner in ast.walk(one)]
                masters = [one for one in nodes if isinstance(one, ast.Call) and last_name(one.func) in ("master", "setMaster") and one.args]
                if any(self.text(one.args[0]) is None for one in masters):
                    inside.update(id(one) for one in nodes)
        return inside

    def warn(self, code, node, what, way_out, severity="WARNING", unless=None):
        self.found.add(code, severity, self.file, line_of(node), what, way_out, unless)

    def text(self, node):
        return self.source.text(node) if node is not None else None

    def note_uses(self, node):
        """What a text is used for tells whether it is a path."""
        name = last_name(node.func)
        arguments = list(node.args) + [keyword.value for keyword in node.keywords]
        takes = name in TAKES_PATHS or name in READERS and is_chain(node.func) or is_sys_path(getattr(node.func, "value", None))
        if name == "join" and isinstance(node.func, ast.Attribute) and last_name(node.func.value) != "path":
            takes = False
        if takes:
            self.in_paths.update(id(one) for argument in arguments for one in ast.walk(argument))
            self.in_paths.update(one.id for argument in arguments for one in ast.walk(argument) if isinstance(one, ast.Name))
        elif name in ("expanduser", "chdir"):
            self.in_paths.update(id(one) for argument in arguments for one in ast.walk(argument))
        else:
            self.not_paths.update(id(argument) for argument in arguments)

    def call(self, node):
        name = last_name(node.func)
        texts = [self.text(argument) for argument in node.args]
        keywords = {keyword.arg: keyword.value for keyword in node.keywords if keyword.arg}
        first = texts[0] if texts else None
        if name in ("setMaster", "master", "SparkContext"):
            self.master(node, first)
        self.master(node, self.text(keywords.get("master")))
        if name == "home" and getattr(node.func, "value", None) is not None and last_name(node.func.value) == "Path":
            self.laptop_path(node, "Path.home()")
        if name == "registerTempTable":
            self.warn("register-temp-table", node, "registerTempTable is deprecated and gone in Spark 4.", "Use createOrReplaceTempView.")
        if self.reads_by_spark(node.func, name):
            self.spark_paths(node, name, keywords)
        self.settings(node, name, texts, keywords)
        if name in TAKES_A_FILE and node.args:
            self.added_file(node, name, first)
        if name in PATH_OF_FILE:
            self.path_of_file(node)
        if (name == "get" and last_name(getattr(node.func, "value", None)) == "SparkFiles") and first is not None:
            self.spark_file(node, first)
        if name == "Path" and dotted(node.func).endswith("hadoop.fs.Path") and first is not None and is_relative(first):
            self.relative_path(node, first)
        if name in ("setdefault", "putenv") and first == "PYSPARK_SUBMIT_ARGS":
            self.submit_args(node)

    def settings(self, node, name, texts, keywords):
        key, value = (texts[0], node.args[1]) if len(node.args) > 1 else (None, None)
        if name in SETS:
            key = key if key is not None else self.text(keywords.get("key"))
            value = value if value is not None else keywords.get("value")
        checkpoint = value if key in CHECKPOINTS or (name == "option" and key == "checkpointLocation") else None
        if name == "setCheckpointDir" and node.args:
            checkpoint = node.args[0]
        checkpoint = keywords.get("checkpointLocation", checkpoint)
        if checkpoint is not None:
            self.checkpoint(node, checkpoint)
        if name == "option" and key == "path" and (is_chain(node.func) or self.is_chained(node.func)):
            self.spark_path(node, value)
        if name in SETS and key is not None and value is not None:
            self.setting(node, key, value)

    def pair(self, node, key, value):
        """A setting in a list or a table of them."""
        if key is not None and key.startswith("spark."):
            self.setting(node, key, value)

    def setting(self, node, key, value):
        text = self.text(value)
        if key == "spark.master":
            self.master(node, text)
        if key == "spark.sql.warehouse.dir":
            self.spark_path(node, value)
        if self.project.host == PROCESS:
            return
        if JAVA_OPTIONS.match(key) and text is not None and BRACES.search(text):
            what = "%s has {{ }}, which YARN takes for the name of a variable when it starts a container." % key
            self.warn("java-options-mangled", node, what, "Put the value into a file of the project, or write it without {{ }}.")
        if key in FILES_OF_SPARK and self.relative_files(node, key, text):
            return
        if LATE.match(key) and id(node) not in self.of_other_masters:
            self.late(node, key)

    def late(self, node, key):
        what = "%s comes too late in code: spark-submit and the driver's JVM read it before the first line of Python runs." % key
        if key == "spark.jars":
            what = "spark.jars comes too late in code for the driver's own classes (drivers of JDBC, data sources): only executors get them then."
        self.warn("late-spark-setting", node, what, "Set it in the job's sparkConf, or in sparkConf of the project's slipway.yml.")

    def assigned(self, node):
        for target in node.targets:
            if isinstance(target, ast.Subscript) and last_name(target.value) == "environ":
                key = self.text(getattr(target.slice, "value", target.slice) if not isinstance(target.slice, (ast.Constant, ast.Name)) else target.slice)
                if key == "PYSPARK_SUBMIT_ARGS":
                    self.submit_args(node)
            if isinstance(target, ast.Name) and text_of(node.value) == "~" and NAME_OF_A_PATH.match(target.id):
                self.laptop_path(node, "~")

    def submit_args(self, node):
        if self.project.host != PROCESS:
            what = "PYSPARK_SUBMIT_ARGS comes too late: the driver's JVM, which reads it, runs before the first line of Python."
            self.warn("late-spark-setting", node, what, "Set spark.jars.packages and the like in the job's sparkConf.")

    def checkpoint(self, node, value):
        path = self.text(value)
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

    def relative_files(self, node, key, paths):
        if self.project.host == ON_PRIMARY_NODE:
            return False  # spark-submit starts in the project's folder
        relative = [path.strip() for path in (paths or "").split(",") if is_relative(path.strip())]
        for path in relative:
            self.warn(
                "relative-spark-path",
                node,
                '%s names "%s": Spark\'s JVM looks for it in the container\'s folder, not in the project.' % (key, path[:200]),
                "Set it in the job's sparkConf, which is read in time, or name an s3:// URI; Python files and data can be added by addPyFile and addFile.",
            )
        return bool(relative)

    def added_file(self, node, name, path):
        if path is None or not is_relative(path):
            return
        if self.project.host != PROCESS and self.project.has_folder(path):
            self.warn(
                "added-folder",
                node,
                '%s("%s") adds a folder of a disk, which Spark does with master local alone: on YARN it ends the program.' % (name, path[:200]),
                "Open the project's own files by Python on executors, too; or add a .zip by addArchive, or a folder at s3://.",
            )
        elif path.endswith(".py") and self.project.host == CONTAINER_ALONE:
            self.warn(
                "file-not-in-container",
                node,
                'In layout split "%s" travels inside the project\'s zip, where %s does not find it.' % (path[:200], name),
                "Import it without %s: executors have the zip, too. Or use layout unchanged." % name,
            )
        elif self.project.is_on_yarn() and self.source.beginning(node.args[0])[1] and not self.project.has(path.split("#")[0]):
            self.warn(
                "added-file-missing",
                node,
                '%s("%s"): the project has no such file, and the JVM looks for it in the container\'s folder.' % (name, path[:200]),
                "Put the file into the project, or name an s3:// URI.",
            )
        elif self.project.host == CONTAINER_ALONE or not self.project.is_on_yarn():
            return
        else:
            self.warn(
                "added-file-of-the-project",
                node,
                '%s("%s") is relative, and the JVM\'s folder is the container\'s: Slipway\'s launcher gives it the path in the project.' % (name, path[:200]),
                "Nothing has to be done here; with plain spark-submit it would not be found.",
                "INFO",
            )

    def spark_file(self, node, name):
        base = name.rsplit("/", 1)[-1]
        if self.project.host == PROCESS:
            return
        there = self.project.named(base)
        self.warn(
            "spark-file-not-added",
            node,
            'SparkFiles.get("%s") asks for a file that nobody adds: neither addFile nor spark.files names it.' % name[:200],
            'Open the project\'s own file by Python: "%s".' % there if there else "Add it by addFile, or put it into the project and open it by Python.",
            unless=lambda: self.project.is_added(base),
        )

    def path_of_file(self, node):
        if self.project.layout != "SPLIT" or not any(getattr(inner, "id", None) == "__file__" for inner in ast.walk(node)):
            return
        if line_of(node) in self.file_paths:
            return
        self.file_paths.add(line_of(node))
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
            elif self.project.is_on_yarn():
                what += " The job will fail: %s." % NO_CONTEXT
            self.warn("local-master", node, what, LEAVE_OUT_MASTER)
        elif master is not None and MASTER.match(master):
            what = 'The master is set to "%s" in the code, which wins over the cluster\'s: the program looks for another cluster than the one that it runs on.'
            self.warn("other-master", node, what % master[:200], LEAVE_OUT_MASTER)
        elif master == "yarn-client" and self.project.is_on_yarn():
            what = 'Spark takes the master "yarn-client" for yarn in deploy mode client, which the code may not choose here: in mode cluster YARN waits for a context that never comes.'
            self.warn("other-master", node, what, LEAVE_OUT_MASTER)

    def spark_paths(self, node, name, keywords):
        first = node.args[0] if node.args else None
        several = first.elts if isinstance(first, (ast.List, ast.Tuple)) else [first]
        format = None
        if name in BY_FORMAT:
            given = keywords.get("format") or (node.args[1] if len(node.args) > 1 else None)
            format = self.text(given) if given is not None else self.format_of(node.func, self.chained)
            if format is not None and format.lower() not in OF_FILES and format != "?":
                return
        for path in [one for one in several if one is not None] + [keywords[key] for key in ("path",) if key in keywords]:
            if format == "?" and not looks_like_a_path(self.text(path) or ""):
                continue
            self.spark_path(node, path)

    def format_of(self, function, chained):
        """As the chain of calls names it; None for Spark's default, "?" for one that cannot be told."""
        while isinstance(function, (ast.Attribute, ast.Call)):
            if isinstance(function, ast.Call) and last_name(function.func) == "format" and function.args and isinstance(function.func, ast.Attribute):
                return self.text(function.args[0]) or "?"
            function = function.value if isinstance(function, ast.Attribute) else function.func
        return chained.get(getattr(function, "id", None))

    def spark_path(self, node, value):
        path = self.text(value)
        if path is not None and DATABRICKS.match(path):
            self.warn(
                "databricks-path",
                node,
                '"%s" lies in the file system of Databricks, which EMR does not have.' % path[:200],
                "Copy the data to S3 and name an s3:// URI.",
            )
        elif path is not None and OTHER_SYSTEMS.match(path):
            self.warn(
                "other-file-system",
                node,
                '"%s": EMR brings no ready connector for %s.' % (path[:200], path.split(":")[0]),
                "Name an s3:// URI, or bring the connector and its settings in sparkConf.",
                "INFO",
            )
        elif path is not None and OWN_DISKS.match(path):
            self.warn(
                "local-spark-path",
                node,
                '"%s" is another folder on each machine: executors write their parts to their own disks, and read what lies there.' % path[:200],
                "Name an s3:// URI.",
            )
        elif path is not None and is_relative(path):
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
        if name == "load" and isinstance(function, ast.Attribute) and last_name(function.value) in self.models:
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

    def read_texts(self):
        for node in self.source.of(ast.JoinedStr):
            whole = "".join(text_of(part) if text_of(part) is not None else UNKNOWN for part in node.values)
            self.sql(node, whole)
            beginning = text_of(node.values[0]) if node.values else None
            if beginning:
                self.plain_text(node, beginning)
        for node, text in self.source.texts():
            if id(node) not in self.source.in_f_strings:
                self.sql(node, text)
                self.plain_text(node, text)

    def sql(self, node, text):
        for path in in_sql(text):
            if is_relative(path):
                self.relative_path(node, path)

    def plain_text(self, node, text):
        if text == "spark.sql.execution.arrow.enabled":
            self.warn(
                "arrow-setting",
                node,
                "spark.sql.execution.arrow.enabled is deprecated since Spark 3.0.",
                "Use spark.sql.execution.arrow.pyspark.enabled.",
            )
        if SUBMIT_LOCAL.search(text[:1000]):
            self.master(node, "local")
        if len(text) < 1000 and (text == "~" and id(node) in self.in_paths or LAPTOP.match(text) and self.is_a_path(node, text)):
            self.laptop_path(node, text)
        elif text.startswith(("/dbfs/", "dbfs:/")) and id(node) in self.in_paths and not self.is_of_spark(node):
            self.warn(
                "databricks-path",
                node,
                '"%s" lies in the file system of Databricks, which EMR does not have.' % text[:200],
                "Copy the data to S3, or put the file into the project.",
            )

    def is_of_spark(self, node):
        return id(node) in self.spark_arguments()

    def spark_arguments(self):
        if not hasattr(self, "_spark_arguments"):
            calls = [call for call in self.source.calls() if self.reads_by_spark(call.func, last_name(call.func))]
            self._spark_arguments = {id(one) for call in calls for argument in call.args for one in ast.walk(argument)}
        return self._spark_arguments

    def is_a_path(self, node, text):
        if id(node) in self.in_paths or not PERHAPS_NONE.match(text):
            return True
        if id(node) in self.not_paths and not WITH_A_FILE.match(text):
            return False
        names = [name for name, known in self.source.constants.items() if known[0] == text]
        return bool(WITH_A_FILE.match(text)) or any(name in self.in_paths or NAME_OF_A_PATH.match(name) for name in names)

    def laptop_path(self, node, path):
        self.warn(
            "laptop-path",
            node,
            'The path "%s" is one of a single machine.' % path[:200],
            "Put the file into the project and open it by a relative path, or name an s3:// URI.",
        )

    def shell_names(self):
        """Names that a notebook or a shell has, and a program has not."""
        if any(alias.name == "*" for node in self.source.of(ast.ImportFrom) for alias in node.names if not is_of_pyspark(node)):
            return  # whatever they bring
        told = set()
        for node in sorted(self.source.of(ast.Name), key=lambda one: one.lineno):
            name = node.id
            if name in told or name in self.source.bound or id(node) in self.source.guarded:
                continue
            self.shell_name(node, name, told)

    def shell_name(self, node, name, told):
        """Unless another module sets it in this one, or among the built-in names."""
        elsewhere = self.project.set_elsewhere(name)
        if name in OF_NOTEBOOKS:
            code, what, way_out = OF_NOTEBOOKS[name]
            told.add(name)
            self.warn(code, node, what + ".", way_out, unless=elsewhere)
        elif name in OF_SHELLS and self.was_a_notebook():
            told.add(name)
            self.warn(
                "undefined-spark",
                node,
                "%s is never made here: notebooks and shells have it, a program has not (NameError)." % name,
                "Make it: spark = SparkSession.builder.getOrCreate()" + ("; sc = spark.sparkContext." if name == "sc" else "."),
                unless=elsewhere,
            )

    def was_a_notebook(self):
        return re.search(br"^# (?:In\[[0-9 ]*\]:|Databricks notebook source|COMMAND -{5,}|MAGIC |%%)", self.source.content, re.MULTILINE) is not None

    def databricks(self):
        for number, line in enumerate(self.source.content.split(b"\n"), 1):
            if line.startswith(b"# MAGIC %"):
                what = "Cells of other languages and %run are comments in an exported notebook: outside Databricks nothing runs them."
                self.warn("databricks-code", number, what, "Write them as Python, and import what %run brought in.")
                return


def line_of(node):
    """In a chain of calls over several lines, that of the call itself."""
    if isinstance(node, int):
        return node
    return (getattr(node.func, "end_lineno", None) if isinstance(node, ast.Call) else None) or node.lineno


def is_of_pyspark(node):
    return (node.module or "").startswith("pyspark") and not node.level


def is_chain(node):
    while isinstance(node, (ast.Attribute, ast.Call)):
        if isinstance(node, ast.Attribute) and node.attr in CHAINS:
            return True
        node = node.value if isinstance(node, ast.Attribute) else node.func
    return False
