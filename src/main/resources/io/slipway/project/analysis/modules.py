"""What is imported and from where: missing modules, modules in folders that are not on the path, modules that hide others.

Standard library only; the syntax is held to Python 3.7.
"""
import posixpath
import sys

from distributions import Installed, usual_package
from reach import PACKED, WITHOUT_SPARK

ON_A_CLUSTER = {"pyspark", "py4j"}
OF_PYTHON_2 = {
    "__builtin__", "BaseHTTPServer", "ConfigParser", "Cookie", "HTMLParser", "Queue", "SimpleHTTPServer", "StringIO", "Tkinter", "cPickle", "cStringIO",
    "commands", "cookielib", "httplib", "md5", "sets", "thread", "urllib2", "urlparse",
}
# Of the standard library, and imported by nobody who does not mean it.
HARMLESS = {"__hello__", "__phello__", "antigravity", "ensurepip", "idlelib", "lib2to3", "test", "this", "tkinter", "turtle", "turtledemo"}
GLUE = {"awsglue"}


class Modules:
    """Of one project."""

    def __init__(self, files, reach, from_wheels, everything_may_come, request):
        """`request` has what is installed beside the project, as the analyser gets it."""
        self.files = files
        self.reach = reach
        self.standard = getattr(sys, "stdlib_module_names", None)
        self.known = set(self.standard or ()) | ON_A_CLUSTER | {"__main__", "__future__"} | set(from_wheels)
        self.everything_may_come = everything_may_come or any(root.endswith(PACKED) and root in files for root in reach.roots)
        self.environment = request["environment"]
        self.required = request["required"]
        self.installed = Installed(self.required["names"] if self.required else request["onCluster"])
        self.here = set()
        for root in reach.roots:
            prefix = root + "/" if root else ""
            self.here.update(path[len(prefix):].split("/")[0].split(".")[0] for path in files if path.startswith(prefix))

    def look(self, found):
        if self.standard is None:
            what = "Python %d.%d of the service does not list its standard library, so imports were not looked at." % sys.version_info[:2]
            found.add("imports-not-checked", "INFO", None, None, what, "Let slipway.submission.plans.python be 3.10 or later.")
            return
        self.hiding(found)
        told = set()
        for facts in sorted(self.reach.of_files(), key=lambda one: one.file != self.reach.entry):
            for module, level, names, line, optional in facts.imports:
                top = module.split(".")[0]
                if level or optional or not top:
                    continue
                self.one(facts, module, names, line, told, found)

    def one(self, facts, module, names, line, told, found):
        top = module.split(".")[0]
        if module == "pyspark.dbutils" or top in GLUE:
            self.of_another_service(facts, top, line, told, found)
        elif top in self.here:
            self.inside(facts, module, line, told, found)
        elif top in self.known or top in told or self.everything_may_come:
            return
        elif self.elsewhere(module):
            told.add(top)
            self.not_on_the_path(facts, module, line, found)
        elif self.in_other_case(top):
            told.add(top)
            other = self.in_other_case(top)
            what = "%s is written %s in the project: the clusters' file systems tell upper from lower case." % (top, other)
            found.add("import-in-other-case", "WARNING", facts.file, line, what, "Write the import as the file is named.")
        elif top in OF_PYTHON_2:
            told.add(top)
            found.add("python-2", "WARNING", facts.file, line, "%s is a module of Python 2." % top, "Convert the program: clusters run Python 3.")
        elif not self.environment and not self.installed.may_bring(top):
            told.add(top)
            self.not_installed(facts, top, line, found)

    def not_installed(self, facts, top, line, found):
        """A warning where every package that is installed is named, and the module is one whose packages are known; else nobody can be sure."""
        package = usual_package(top)
        if self.required is None:
            what = "%s is neither in the project nor in Python's standard library." % top
            way_out = "It must be installed on the cluster, be named in requirements, or come in pythonEnvironment or a folder of pythonPath."
            found.add("import-not-in-project", "INFO", facts.file, line, what, way_out)
            return
        complete = self.required["complete"]
        sure = complete and package is not None
        known = "." if sure else "; one of another name may have it." if complete else ", unless it comes along with one of them."
        what = "%s is neither in the project nor in Python's standard library, and no package that %s names is known to bring it" % (top, self.required["file"])
        way_out = "Add %s%s." % (package or "its package", ", and lock anew" if complete else " to that file")
        found.add("import-not-in-project", "WARNING" if sure else "INFO", facts.file, line, what + known, way_out)

    def of_another_service(self, facts, top, line, told, found):
        if top in told:
            return
        told.add(top)
        if top in GLUE and not self.everything_may_come and top not in self.here and top not in self.known:
            what = "awsglue exists in AWS Glue alone: GlueContext, DynamicFrame and getResolvedOptions are not on EMR."
            found.add("glue-code", "WARNING", facts.file, line, what, "Use a SparkSession, DataFrames and argparse.")
        elif top == "pyspark":
            found.add("databricks-code", "WARNING", facts.file, line, "pyspark.dbutils exists on Databricks alone.", "Use boto3, or Python's own files.")

    def elsewhere(self, module):
        """Folders of the project from which the module could be imported, the likeliest first."""
        top, _, rest = module.partition(".")
        name, folder = "/" + top + ".py", "/" + top + "/"
        roots = set()
        for path in self.files:
            if not path.endswith((".py", ".so", ".pyd")):
                continue
            if path.endswith(name):
                roots.add(path[: -len(name)])
            elif folder in path:
                root = path[: path.index(folder)]
                # A library may be called as a package of the project, which then has nothing of it.
                if not rest or path[len(root) + len(folder) :].replace("/", ".").startswith(rest.split(".")[0] + "."):
                    roots.add(root)
        return sorted(roots, key=lambda root: (root.count("/"), root not in ("src", "lib", "libs", "python"), root))

    def not_on_the_path(self, facts, module, line, found):
        top, roots = module.split(".")[0], self.elsewhere(module)
        where = roots[0] + "/" + top
        where += ".py" if where + ".py" in self.files else ""
        what = "%s lies at %s, and Python does not look for modules in %s." % (top, where, roots[0])
        if self.reach.unknown_roots:
            what += " (Unless the folders that a source puts on sys.path hold it.)"
        severity = "INFO" if self.reach.unknown_roots else "WARNING"
        found.add("module-not-on-path", severity, facts.file, line, what, "Send pythonPath=%s." % roots[0])

    def inside(self, facts, module, line, told, found):
        """A module that its package, which is there, does not have."""
        parts = module.split(".")
        if len(parts) < 2 or module in told or self.everything_may_come or parts[0] in self.known:
            return
        above = []
        for root in self.reach.roots:
            prefix = root + "/" if root else ""
            whole = prefix + "/".join(parts)
            if any(file in self.files for file in (whole + ".py", whole + "/__init__.py")) or whole in self.reach.folders:
                return
            package = prefix + "/".join(parts[:-1])
            if package in self.reach.folders:
                above.append(package)
            elif package + ".py" in self.files:
                return
        if not above or self.may_be_made(above, parts[-1]):
            return
        told.add(module)
        twin = next((path for path in self.files for folder in above if path.lower() in ((folder + "/" + parts[-1]).lower() + end for end in (".py", "/__init__.py"))), None)
        what = "The project has %s, and no %s in it." % (above[0], parts[-1])
        if twin:
            what += " It has %s: the clusters' file systems tell upper from lower case." % twin
        found.add("module-missing", "WARNING", facts.file, line, what, "Add the file, or correct the import.")

    def may_be_made(self, packages, name):
        """By the package itself, or as a compiled module."""
        for package in packages:
            facts = self.reach.reached.get(package + "/__init__.py")
            if facts is not None and ({"__path__", "modules"} & facts.set_elsewhere or "__path__" in facts.own_names or "__getattr__" in facts.own_names or facts.dynamic):
                return True
            if any(posixpath.dirname(path) == package and posixpath.basename(path).split(".")[0] == name for path in self.files):
                return True
        return False

    def in_other_case(self, top):
        for root in self.reach.roots:
            prefix = root + "/" if root else ""
            for path in self.files:
                first = path[len(prefix):].split("/")[0] if path.startswith(prefix) else ""
                if first.lower() in (top.lower(), top.lower() + ".py") and (first.endswith(".py") or "/" in path[len(prefix):]):
                    return first
        return None

    def hiding(self, found):
        """Modules on the path that Python finds before the libraries of the same name. A folder without __init__.py hides nothing."""
        for root in self.reach.roots:
            prefix = root + "/" if root else ""
            for path in sorted(self.files):
                if not path.startswith(prefix):
                    continue
                parts = path[len(prefix):].split("/")
                single = len(parts) == 1 and parts[0].endswith(".py")
                package = len(parts) == 2 and parts[1] == "__init__.py"
                name = parts[0][: -len(".py")] if single else parts[0]
                if single and self.hides(name, True) or package and self.hides(name, False):
                    library = "Python's own %s" % name if name in self.standard else name
                    what = "%s hides %s: whatever imports %s, Spark and libraries included, gets this file." % (path, library, name)
                    found.add("module-hides-library", "WARNING", path, 1, what, "Rename it, or move it into a package.")

    def hides(self, name, single):
        if name in sys.builtin_module_names or name in HARMLESS:
            return False
        return name in self.standard or name in ON_A_CLUSTER or single and name in WITHOUT_SPARK
