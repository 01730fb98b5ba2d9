"""Paths in sources that mean something else to Spark than to Python. Standard library only; the syntax is held to Python 3.7."""
import ast
import re

from source import last_name

# Each finds one path in a text of SQL.
IN_SQL = [
    re.compile(r"\bLOCATION\s+['\"]([^'\"]+)['\"]", re.IGNORECASE),
    re.compile(r"\bINPATH\s+['\"]([^'\"]+)['\"]", re.IGNORECASE),
    re.compile(r"\bOVERWRITE\s+(?:LOCAL\s+)?DIRECTORY\s+['\"]([^'\"]+)['\"]", re.IGNORECASE),
    re.compile(r"\bOPTIONS\s*\([^)]{0,500}?\bpath['\"]?\s*=?\s*['\"]([^'\"]+)['\"]", re.IGNORECASE),
    re.compile(r"\b(?:FROM|JOIN|INTO)\s+(?:csv|json|parquet|orc|text|avro|delta)\.`([^`]+)`", re.IGNORECASE),
    re.compile(r"^\s*ADD\s+(?:JAR|FILE|ARCHIVE)S?\s+['\"]?([^'\"\s;]+)", re.IGNORECASE),
]
LONGEST_SQL = 100000
UNKNOWN = "\0"  # stands for what an f-string puts in

# What follows is absolute, whoever knows the scheme.
SCHEME = re.compile(r"^[A-Za-z][A-Za-z0-9+.-]*:")
# Formats of Spark and of well-known packages whose load and save take a path; to any other it may be a table, a topic, an index.
OF_FILES = {
    "avro", "binaryfile", "csv", "delta", "excel", "hudi", "image", "json", "libsvm", "orc", "parquet", "sequencefile", "text", "tfrecord", "tfrecords", "xml",
    "com.crealytics.spark.excel", "com.databricks.spark.avro", "com.databricks.spark.csv", "com.databricks.spark.xml", "org.apache.hudi",
}
DATABRICKS = re.compile(r"^(?:dbfs:/|/dbfs/|file:/+dbfs/)")
# On the disk of each machine by itself; what a release brings is on all of them.
OWN_DISKS = re.compile(r"file:/*(?!/|(?:usr|opt|etc)/)", re.IGNORECASE)
OTHER_SYSTEMS = re.compile(r"^(abfss?|adl|gs|oss|wasbs?|swift2?d?)://?")

MAKES_LOCAL = {"abspath", "realpath", "getcwd", "getcwdb", "cwd"}
KEEPS_LOCAL = {"join", "dirname", "str", "fspath", "Path", "PurePath", "PosixPath", "normpath", "as_posix", "as_uri", "joinpath", "with_name", "with_suffix"}
OF_A_PATH = {"resolve", "absolute"}


def in_sql(text):
    if len(text) > LONGEST_SQL:
        return []
    return [match.group(1) for pattern in IN_SQL for match in pattern.finditer(text)]


def is_relative(path):
    """Of a text whose beginning is known."""
    if not path or path[0] in "/\\" + UNKNOWN + "{$%~":
        return False
    return not SCHEME.match(path)


def looks_like_a_path(text):
    return "/" in text or re.search(r"\.(?:csv|json|parquet|orc|txt|avro|gz|xml|tsv|jsonl)$", text.lower()) is not None


def is_local(node, names):
    """Whether an expression is a path on the disk of the driver: made of __file__, or made absolute by Python."""
    if isinstance(node, ast.Name):
        return node.id == "__file__" or node.id in names
    if isinstance(node, ast.BinOp):
        return is_local(node.left, names) or is_local(node.right, names)
    if isinstance(node, ast.JoinedStr):
        return any(isinstance(part, ast.FormattedValue) and is_local(part.value, names) for part in node.values)
    if isinstance(node, ast.Attribute):
        return node.attr in ("parent", "parents") and is_local(node.value, names)
    if isinstance(node, ast.Subscript):
        return is_local(node.value, names)
    if not isinstance(node, ast.Call):
        return False
    name = last_name(node.func)
    owner = node.func.value if isinstance(node.func, ast.Attribute) else None
    if name in MAKES_LOCAL:
        return True
    if name in OF_A_PATH:
        return owner is not None and (is_local(owner, names) or last_name(getattr(owner, "func", owner)) == "Path")
    of = list(node.args) + ([owner] if owner is not None else [])
    return name in KEEPS_LOCAL and any(is_local(one, names) for one in of)
