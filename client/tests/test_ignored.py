"""What travels, against git itself: a file travels when git would add it, or tracks it."""

import os
import subprocess
import unittest
import unittest.mock

from support import Case, slipway

# One .gitignore a line: what a pattern means is read off from git, not from this table.
PATTERNS = """
*.csv
/a.csv
data/
/data
data/*
data/**
**/data
**/deep/*.csv
a/**/c
a/**
/**/x.csv
*.cs?
[ab].csv
[!a].csv
[^a].csv
[a-c].csv
[[:alpha:]].csv
[[:digit:]]*
[[:nonsense:]]
[]].csv
[!]].csv
[a-
[a
a[/]b
\\!bang
\\#hash
#hash
!bang
back\\\\slash
with\\ space.csv
trailing.csv\u0020\u0020
trailing.csv\\\u0020
foo**bar
**
*
***/x.csv
/
//
umläut.csv
data/deep/
*/deep
?.csv
*.csv\r
""".strip("\n").split("\n")  # fmt: skip

FILES = """
a.csv
b.csv
].csv
1.csv
x.csv
!bang
#hash
with space.csv
trailing.csv
umläut.csv
foobar
fooxbar
data/a.csv
data/deep/x.csv
data/deep/er/y.txt
a/c
a/b/c
a/b/b/c
sub/data/z.csv
sub/x.csv
sub/data.txt
""".split("\n")


class IgnoredTest(Case):
    def setUp(self):
        super().setUp()
        for name in filter(None, FILES):
            self.write("r/" + name)
        self.git("init", "-q")
        own = {"HOME": self.work, "XDG_CONFIG_HOME": self.path("none"), "GIT_CONFIG_GLOBAL": self.path("gitconfig")}
        variables = unittest.mock.patch.dict(os.environ, own)
        variables.start()
        self.addCleanup(variables.stop)

    def git(self, *words):
        command = ["git", "-c", "user.name=a", "-c", "user.email=a@b.example", *words]
        environment = dict(os.environ, HOME=self.work, GIT_CONFIG_GLOBAL=self.path("gitconfig"), GIT_CONFIG_NOSYSTEM="1", XDG_CONFIG_HOME=self.path("none"))
        return subprocess.run(command, cwd=self.path("r"), env=environment, check=True, stdout=subprocess.PIPE).stdout.decode("utf-8")

    def of_git(self, below=""):
        """What git has and would add, without the files that say so."""
        listed = self.git("ls-files", "-z", "--cached", "--others", "--exclude-standard").split("\0")
        return sorted({name[len(below) :] for name in listed if name.startswith(below) and name and os.path.isfile(self.path("r", name))})

    def ours(self, below=""):
        try:
            return sorted(item.path for item in slipway.Folder(self.path("r", below)).items)
        except slipway.Stop:
            return []

    def assertAsGit(self, message, below=""):
        self.assertEqual(self.ours(below), self.of_git(below), message)

    def test_eachPatternMeansWhatItMeansToGit(self):
        for pattern in PATTERNS:
            for text in (pattern, "*\n!*/\n!" + pattern, pattern + "\n!x.csv\n!data/deep/"):
                self.write("r/.gitignore", text + "\n")
                self.assertAsGit(repr(text))

    def test_nestedFilesParentsAndExcludesOfTheRepositoryHold(self):
        self.write("r/.gitignore", "\ufeff*.csv\n!sub/x.csv\n")
        self.write("r/sub/.gitignore", "!z.csv\n/x.csv\n")
        self.write("r/.git/info/exclude", "foo*\ny.txt\n")
        self.assertAsGit("whole")
        self.assertAsGit("a folder of it", "data/")
        self.assertAsGit("another", "sub/")

    def test_theUsersOwnExcludesHold(self):
        self.write("gitconfig", "[user]\n  name = a\n[core]\n\texcludesFile = ~/own\n[alias]\n  x = y\n")
        self.write("own", "foo*\n")
        self.assertNotIn("foobar", self.ours())
        self.assertAsGit("core.excludesFile")

    def test_trackedFilesTravel(self):
        self.git("add", "-A")
        self.git("commit", "-qm", "all")
        self.write("r/data/new.csv")
        self.write("r/.gitignore", "*.csv\ndata/\n")
        self.assertIn("data/deep/x.csv", self.ours())
        self.assertNotIn("data/new.csv", self.ours())
        self.assertAsGit("tracked")
        for version in ("4", "3", "2"):
            self.git("update-index", "--index-version", version)
            self.assertAsGit("index version " + version)

    def test_linkedWorkingTreesAndSubmodulesHaveAnIndexElsewhere(self):
        self.git("add", "-A")
        self.git("commit", "-qm", "all")
        self.git("worktree", "add", "-q", self.path("linked"))
        self.write("linked/.gitignore", "*.csv\n")
        travels = [item.path for item in slipway.Folder(self.path("linked")).items]
        self.assertIn("a.csv", travels)
        self.assertNotIn(".git", travels)

    def test_slipwayignoreHasTheLastWord(self):
        self.git("add", "-A")
        self.write("r/.gitignore", "foo*\n")
        self.write("r/.slipwayignore", "*.csv\n!foobar\n")
        self.write("r/sub/.slipwayignore", "!x.csv\n")
        found = self.ours()
        self.assertIn("foobar", found)
        self.assertIn("sub/x.csv", found)
        self.assertNotIn("a.csv", found)
        self.assertIn("data/deep/er/y.txt", found)

    def test_gitignoreHoldsWithoutARepositoryToo(self):
        self.write("plain/.gitignore", "*.csv\n")
        self.write("plain/a.csv")
        self.write("plain/main.py")
        self.write(".gitignore", "*.py\n")
        self.assertEqual([item.path for item in slipway.Folder(self.path("plain")).items], [".gitignore", "main.py"])


if __name__ == "__main__":
    unittest.main()
