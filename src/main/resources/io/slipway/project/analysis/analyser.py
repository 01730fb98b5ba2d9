"""Reads a project's sources as syntax trees and says what will not work on a cluster.

    analyser.py <request as JSON>

The request: folder (where the files lie under other names), files (path and name, or null for one that is not read), entry, isModule, fromWheels,
host, layout, pythonPath, environment (whether the job brings packages that nobody can name), required (what is installed for it: file that says so,
names of packages, complete when it names all of them; or null), onCluster (packages that the nodes are prepared with), added (names that Spark hands
round), python (of the cluster: version, origin, wayOut; or null), seconds (that files which do not matter may take).

Prints one JSON object a line: code, severity, file, line, what, wayOut. Nothing of the project is imported or run. Standard library
only; the syntax is held to Python 3.7.
"""
import json
import os
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))  # which isolated mode leaves out

import configs
import versions
from modules import Modules
from reach import BESIDE, Facts, Reach
from reader import NO_CONTEXT, WITH_LATE_CONTEXT, CONTAINER_ALONE, Reader
from source import Source, Unreadable

MOST = {"WARNING": 500, "INFO": 100}
SHOWN = 10
TOO_DEEP = Unreadable("not-analysed", 1, "The file is nested too deeply to be looked at.", "Look at it yourself.")


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


class ByLine:
    """Findings of one file, in the order of its lines."""

    def __init__(self):
        self.findings = []

    def add(self, code, severity, file, line, what, way_out, unless=None):
        """`unless` is asked when all files are known that the entry point reaches."""
        self.findings.append(((code, severity, file, line, what, way_out), unless))

    def tell(self, found):
        for finding, unless in sorted(self.findings, key=lambda one: one[0][3]):
            if unless is None or not unless():
                found.add(*finding)


class Apart:
    """Findings of files that the entry point does not reach."""

    def __init__(self):
        self.listed = []

    def add(self, code, severity, file, line, what, way_out):
        if severity == "WARNING":
            self.listed.append("%s:%s (%s)" % (file, line, code))

    def tell(self, entry, found):
        if self.listed:
            more = ", and %d more" % (len(self.listed) - SHOWN) if len(self.listed) > SHOWN else ""
            what = "%s does not reach these by its imports, so they do not count: %s%s." % (entry, ", ".join(self.listed[:SHOWN]), more)
            found.add("findings-of-other-files", "INFO", None, None, what, "Nothing has to be done, unless the job starts them in another way.")


class Project:
    """What is known of all files together, and what can be told only of them together."""

    def __init__(self, request):
        self.folder = request["folder"]
        self.files = {file["path"]: file.get("name") for file in request["files"]}
        self.entry = request["entry"]
        self.host = request["host"]
        self.layout = request["layout"]
        self.request = request
        self.findings = {}
        self.unreadable = {}
        folder = "" if request["isModule"] else os.path.dirname(self.entry)
        self.reach = None
        self.roots = list(dict.fromkeys(([folder] if folder else []) + [""] + request["pythonPath"]))

    def is_on_yarn(self):
        return self.host.startswith("CONTAINER")

    def has(self, path):
        return os.path.normpath(path).replace(os.sep, "/") in self.files or path in self.request["data"]

    def has_folder(self, path):
        folder = os.path.normpath(path).replace(os.sep, "/") + "/"
        return folder == "./" or any(file.startswith(folder) for file in list(self.files) + self.request["data"])

    def named(self, base):
        return next((path for path in list(self.files) + self.request["data"] if path == base or path.endswith("/" + base)), None)

    def is_added(self, base):
        facts = self.reach.of_files()
        return base in self.request["added"] or any(base in one.added or one.adds_unknown for one in facts)

    def set_elsewhere(self, name):
        return lambda: any(name in one.set_elsewhere for one in self.reach.of_files())

    def content(self, path):
        name = self.files.get(path)
        if name is None:
            return None
        with open(os.path.join(self.folder, name), "rb") as file:
            return file.read()

    def source(self, path):
        """The syntax tree, or None for what is no source or none that can be read."""
        content = self.content(path) if path.endswith(".py") else None
        if content is None or path in self.unreadable:
            return None
        try:
            return Source(path, content)
        except Unreadable as error:
            self.unreadable[path] = error
        except (RecursionError, MemoryError):
            self.unreadable[path] = TOO_DEEP
        except (ValueError, SyntaxError) as error:
            self.unreadable[path] = Unreadable("syntax-error", 1, "Python cannot read it: %s" % error, "Correct it.")
        return None

    def facts(self, path):
        """Reads one file, once: what is wrong with it is kept until it is known whether it matters."""
        source = self.source(path)
        by_line = self.findings[path] = ByLine()
        error = self.unreadable.get(path)
        if error is not None:
            severity = "INFO" if error is TOO_DEEP else "WARNING"
            by_line.add(error.code, severity, path, error.line, error.what, error.way_out)
        if source is None:
            return None
        try:
            Reader(source, by_line, self).read()
            self.newer_python(source, by_line)
        except RecursionError:
            by_line.add(TOO_DEEP.code, "INFO", path, 1, TOO_DEEP.what, TOO_DEEP.way_out)
        return Facts(source)

    def look(self, found):
        self.reach = Reach(self.entry, self.request["isModule"], self.files, self.roots, self.facts)
        if self.files.get(self.entry) is None:
            self.reach.follow([path for path in self.files if path.endswith(".py") and not BESIDE.match(path)])
        for path in sorted(self.reach.reached, key=lambda one: (one != self.entry, one)):
            self.findings.pop(path).tell(found)
        self.of_the_entry(found)
        self.modules(found)
        for facts in self.reach.of_files():
            self.standard_input(facts, found)
            self.session_at_import(facts, found)
        entry = self.reach.reached.get(self.entry)
        if entry is not None and self.is_on_yarn() and not any(facts.makes_session for facts in self.reach.of_files()):
            self.no_session(found)
        self.look_at_others(found)

    def newer_python(self, source, found):
        python = self.request["python"]
        if python is None:
            return
        cluster = tuple(python["version"])
        told = {}
        for line, what, version in versions.needs(source, cluster):
            told.setdefault((what, version), []).append(line)
        for (what, version), lines in told.items():
            since = " (of Python %d.%d)" % version if version else ""
            more = " on %d lines" % len(lines) if len(lines) > 1 else ""
            what = "It uses %s%s%s; %s brings Python %d.%d." % ((what, since, more, python["origin"]) + cluster)
            found.add("newer-python", "WARNING", source.file, lines[0], what, python["wayOut"])

    def of_the_entry(self, found):
        facts = self.reach.reached.get(self.entry)
        if facts is None:
            return
        others = self.unreadable or any(one.does_something for one in self.reach.of_files() if one is not facts)
        if not facts.does_something and (facts.defines or not others):
            found.add(
                "entry-does-nothing",
                "WARNING",
                self.entry,
                1,
                "The entry point only defines things: no code at module level and no __main__ guard.",
                "Call its main function under if __name__ == '__main__':, or name another entryPoint.",
            )
        if facts.is_relative and not self.request["isModule"]:
            module = self.entry[: -len(".py")].replace("/", ".")
            way_out = "Start it as a module of its package: entryPoint=-m %s." % module if "/" in self.entry else "Write the import without its dots."
            what = "A file that is started has no package: its relative imports fail (attempted relative import with no known parent package)."
            found.add("relative-import-in-entry", "WARNING", self.entry, facts.is_relative, what, way_out)

    def modules(self, found):
        comes = {os.path.basename(path)[: -len(".py")] for facts in self.reach.of_files() for path in facts.added_python if path.endswith(".py")}
        everything = any(facts.adds_unknown or any(not path.endswith(".py") for path in facts.added_python) for facts in self.reach.of_files())
        Modules(self.files, self.reach, self.request["fromWheels"] + sorted(comes), everything, self.request).look(found)

    def standard_input(self, facts, found):
        end = "waits for ever in layout split" if self.host == CONTAINER_ALONE else "finds its end at once"
        way_out = "Take it as an argument, from the environment or from a file."
        if self.host == CONTAINER_ALONE:
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

    def no_session(self, found):
        unsure = self.reach.may_make_sessions(getattr(sys, "stdlib_module_names", None))
        what = "Nothing of the project that the entry point reaches makes a Spark session"
        what += " (unless %s does): " % ", ".join(unsure[:5]) if unsure else ": "
        exits = [(facts.file, line) for facts in self.reach.of_files() for line in facts.exits]
        severity = "INFO" if unsure else "WARNING"
        if self.host != WITH_LATE_CONTEXT:
            layout = "Use layout unchanged, where Slipway helps such programs" if self.host == CONTAINER_ALONE else "Have jobs.late-context switched on for the cluster"
            found.add("no-spark-session", severity, self.entry, 1, what + NO_CONTEXT + ".", layout + ", or make a SparkSession and stop it at the end.")
        elif exits:
            what += "%s, and os._exit leaves Slipway's launcher no chance to prevent that." % NO_CONTEXT
            found.add("no-spark-session", severity, exits[0][0], exits[0][1], what, "End by sys.exit, or make a SparkSession.")
        else:
            what += "%s. So Slipway's launcher makes a context without executors at a good end, which takes some seconds." % NO_CONTEXT
            found.add("no-spark-session", "INFO", self.entry, 1, what, "Nothing has to be done.")

    def look_at_configs(self, found, apart, other_texts):
        texts = [text for facts in self.reach.of_files() for text in facts.texts]
        python = self.request["python"]
        for path in self.files:
            if path.endswith(configs.NAMES) and self.files[path] is not None:
                is_read = configs.is_read(path, texts)
                if configs.OF_TOOLS.match(path) and not is_read:
                    continue
                told = apart if not is_read and configs.is_read(path, other_texts) else found
                for line, master in configs.masters(self.content(path)):
                    what = 'The configuration names the master "%s".' % master[:200]
                    told.add("config-master", "WARNING", path, line, what, "Lay a file over it that says yarn: -F 'config=@cluster.ini;filename=%s'" % path)
        for path in sorted({name for name, _ in versions.WANTED}) if python else ():
            for line, text, lowest in list(versions.wanted(path, self.content(path) or b""))[:1]:
                if lowest > tuple(python["version"]):
                    what = "The project says Python %s; %s brings Python %d.%d." % ((text, python["origin"]) + tuple(python["version"]))
                    found.add("newer-python", "WARNING", path, line, what, python["wayOut"])

    def look_at_others(self, found):
        """As long as there is time: they do not decide anything."""
        apart, texts = Apart(), []
        end = time.monotonic() + self.request["seconds"]
        for path in sorted(self.files):
            if time.monotonic() > end or len(apart.listed) > 10 * MOST["WARNING"]:
                break
            if path.endswith(".py") and path not in self.reach.reached:
                facts = self.facts(path)
                texts += facts.texts if facts is not None else []
                self.findings.pop(path).tell(apart)
        self.look_at_configs(found, apart, texts)
        apart.tell(self.entry or "The entry point", found)


def limit_memory():
    """A source of a megabyte can ask for a hundred times as much."""
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))
    except (ImportError, ValueError, OSError):
        pass


def main(request):
    limit_memory()
    found = Findings()
    Project(request).look(found)
    found.end()


if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8") as file:
        main(json.load(file))
