"""A project as a folder: what travels beside git's rules, its id, and what is found in it."""

import io
import os
import re
import shutil
import sys
import unittest
import unittest.mock
import zipfile

from support import CLIENT, ROOT, Case, StandIn, slipway


class ProjectTest(Case):
    def setUp(self):
        super().setUp()
        self.addCleanup(sys.setrecursionlimit, sys.getrecursionlimit())
        sys.setrecursionlimit(5000)  # as main() does

    def folder(self):
        return slipway.Folder(self.path("project"))

    def travels(self):
        folder = self.folder()
        return [item.path for item in folder.items] + [path + "/" for path in folder.empty]

    def test_theIdIsThatOfTheServicesManifest(self):
        self.write("project/main.py", "print(1)\n")
        os.chmod(self.write("project/run.sh", "echo\n"), 0o755)
        self.write("project/ümlaut mit blank.txt", "é")
        os.makedirs(self.path("project/out"))
        os.makedirs(self.path("project/a/b"))
        self.write("project/a-b", "")
        self.assertEqual(self.folder().hash(), self.by_service())

    def by_service(self):
        packed = io.BytesIO()
        self.folder().pack(packed, lambda *_: None)
        stand_in = StandIn()
        self.addCleanup(stand_in.close)
        return stand_in.store(packed.getvalue()).split(":")[1]

    def test_theVectorsOfTheDocumentHold(self):
        with open(os.path.join(ROOT, "docs", "manifest.md"), encoding="utf-8") as file:
            vectors = re.findall(r"```text\n(.*?)```\s+id `([0-9a-f]{64})`", file.read(), re.DOTALL)
        self.assertGreaterEqual(len(vectors), 3)
        for text, found in vectors:
            for line in text.splitlines():
                mode, content, path = re.fullmatch(r"([-xd]) (\"[^\"]*\"|-) (.*)", line).groups()
                if mode == "d":
                    os.makedirs(self.path("project", path))
                else:
                    file = self.write("project/" + path, content[1:-1])
                    os.chmod(file, 0o755 if mode == "x" else 0o644)
            self.assertEqual(self.folder().hash(), found, text)
            shutil.rmtree(self.path("project"))

    def test_decomposedNamesAreComposed(self):
        self.write("project/u\u0308.txt")
        self.assertEqual(self.travels(), ["\u00fc.txt"])

    def test_theServicesOwnListIsLeftOut(self):
        with open(os.path.join(ROOT, "src/main/java/io/slipway/project/archive/Litter.java"), encoding="utf-8") as file:
            java = file.read()
        folders = re.findall(r'entry\("([^"]+)", Reason', java)
        files = re.search(r"SYSTEM_FILES =\s+Set.of\((.*?)\);", java, re.DOTALL).group(1)
        self.assertEqual((frozenset(folders), frozenset(re.findall(r'"([^"]+)"', files))), (slipway.LeftOut.FOLDERS, slipway.LeftOut.FILES))
        for name in ("main.py", "main.pyc", "__pycache__/a.pyc", "deep/__pycache__/a.pyc", "venv/pyvenv.cfg", "venv/lib/x.py", "env/x.py", "a.pyc", "._a", ".DS_Store"):
            self.write("project/" + name)
        self.assertEqual(self.travels(), ["a.pyc", "env/x.py", "main.py"])

    def test_theClientNeverTravels(self):
        with open(CLIENT, "rb") as file:
            self.write("project/slipway", file.read())
        self.write("project/main.py")
        self.assertEqual(self.travels(), ["main.py"])

    def test_linksAreFollowedAndCirclesAreNot(self):
        self.write("elsewhere/data.csv")
        self.write("project/main.py")
        os.symlink(self.path("elsewhere"), self.path("project/data"))
        os.symlink(self.path("project"), self.path("project/circle"))
        os.symlink(self.path("project"), self.path("elsewhere/circle"))
        os.symlink(self.path("nowhere"), self.path("project/broken"))
        os.mkfifo(self.path("project/pipe"))
        folder = self.folder()
        self.assertEqual([item.path for item in folder.items], ["data/data.csv", "main.py"])
        self.assertEqual(len(folder.notes), 4, folder.notes)

    def test_nothingToSendIsSaid(self):
        os.makedirs(self.path("project"))
        with self.assertRaisesRegex(slipway.Stop, "nothing in .* travels"):
            self.folder()

    def test_anOnlyFolderStaysWhereItIs(self):
        self.write("project/app/main.py")
        packed = io.BytesIO()
        self.folder().pack(packed, lambda *_: None)
        self.assertEqual(zipfile.ZipFile(packed).namelist(), ["p/app/main.py"])

    def test_deepFoldersAreWalked(self):
        self.write("project/" + "d/" * 400 + "x")
        self.assertEqual(len(self.travels()), 1)
        self.write("project/" + ("e" * 99 + "/") * 11 + "x")
        with self.assertRaisesRegex(slipway.Stop, "longer than 1024 bytes"):
            self.folder()

    def test_aColonOfADriveIsNoPlace(self):
        with unittest.mock.patch("os.path.isfile", return_value=True):
            self.assertEqual(slipway.overlay("C:\\x\\prod.ini:data/d.ini"), ("data/d.ini", "C:\\x\\prod.ini"))
            self.assertEqual(slipway.overlay("C:\\prod.ini")[1], "C:\\prod.ini")
            self.assertEqual(slipway.overlay("conf/prod.ini"), ("prod.ini", "conf/prod.ini"))

    def test_secretsAreFoundByNameAndByContent(self):
        key = "-----BEGIN %sPRIVATE KEY-----\nabc\n"
        secrets = {".env": "", "conf/.env.prod": "", "credentials": "", "a.tfstate": "", "key": key % "", "rsa.pem": "x\n" + key % "RSA ", "ssh": key % "OPENSSH "}
        others = {".env.example": "", "cert.pem": "-----BEGIN CERTIFICATE-----\n", "pub": "-----BEGIN PUBLIC KEY-----\n", "credentials.py": "", "main.py": "s = '" + key % "" + "'"}
        for name, text in dict(secrets, **others).items():
            self.write("project/" + name, text)
        found = [finding["file"] for finding in slipway.Secrets.among(self.folder())]
        self.assertEqual(found, sorted(self.path("project", name) for name in secrets))

    def test_ignoredFilesThatTheCodeReadsAreFound(self):
        self.write("project/.gitignore", "*.csv\n!kept.csv\n")
        self.write("project/data/in.csv")
        self.write("project/kept.csv")
        self.write("project/main.py", 'import csv\n\nopen("data/in.csv")\nopen("kept.csv")\nopen("out.csv")\nopen("../main.py")\n')
        self.write("project/sub/more.py", 'x = "../data/in.csv"\nsyntax error')
        found = slipway.IgnoredReads.among(self.folder())
        self.assertEqual([(each["code"], os.path.basename(each["file"]), each["line"]) for each in found], [("IGNORED_FILE", "main.py", 3)])

    def test_theWayOutOfAnIgnoredFileIsOne(self):
        self.write("project/data/in.csv")
        self.write("project/main.py", 'open("data/in.csv")\n')
        for rule in ("data/", "*.csv", "/data/*"):
            self.write("project/.gitignore", rule + "\n")
            self.write("project/.slipwayignore", "")
            (found,) = slipway.IgnoredReads.among(self.folder())
            self.write("project/.slipwayignore", found["wayOut"].split()[3] + "\n")
            self.assertIn("data/in.csv", self.travels(), rule)
            self.assertFalse(slipway.IgnoredReads.among(self.folder()))


if __name__ == "__main__":
    unittest.main()
