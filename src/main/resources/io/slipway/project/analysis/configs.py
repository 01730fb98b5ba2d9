"""Configuration files of a project. Standard library only; the syntax is held to Python 3.7."""
import re

NAMES = (".ini", ".cfg", ".conf", ".properties", ".toml", ".yml", ".yaml", ".json", ".env")
# For tools around the project, never for the program itself.
OF_TOOLS = re.compile(
    r"^(?:.*/)?(?:tests?|testing|docs?|docker|helm|charts|k8s|kubernetes|airflow|dags|\.[^/]+)/"
    r"|^(?:.*/)?(?:docker-compose[^/]*|compose\.ya?ml|pyproject\.toml|setup\.cfg|tox\.ini|mkdocs\.yml|package(?:-lock)?\.json|poetry\.toml"
    r"|\.[^/]+|[^/]*(?:test|local|laptop)[^/]*\.[a-z]+)$",
    re.IGNORECASE,
)
MASTER_KEY = r"(?P<key>(?:spark[._])?master(?:[._-]?url)?)"
MASTER_LINE = re.compile(r"""^\s*(?:export\s+)?["']?%s["']?\s*[:=]\s*["']?(?P<value>[^"'\s,#;}]+)""" % MASTER_KEY, re.IGNORECASE)
MASTER_IN_JSON = re.compile(r"""["']%s["']\s*:\s*["'](?P<value>[^"']+)["']""" % MASTER_KEY, re.IGNORECASE)
MASTER = re.compile(r"^(?:local(?:-cluster)?(?:\[|$)|spark://|mesos://|k8s://)")


# Parts of a file for a laptop or for tests, as [LOCAL] or a key without indentation in YAML.
SECTION = re.compile(r"^(?:\[\s*([^\]]+?)\s*\]|([A-Za-z_][\w.-]*)\s*:\s*(?:#.*)?$)")
OF_A_LAPTOP = re.compile(r"(?:^|[._ -])(?:local|laptop|tests?|testing|unittest)(?:$|[._ -])", re.IGNORECASE)


def masters(content):
    """(line, master) for each that is another than the cluster's."""
    section = ""
    for number, line in enumerate(content.decode("utf-8", "replace").splitlines(), 1):
        begins = SECTION.match(line)
        if begins:
            section = begins.group(1) or begins.group(2)
        if "aster" not in line and "ASTER" not in line or OF_A_LAPTOP.search(section):
            continue
        for match in list(filter(None, [MASTER_LINE.match(line)])) or list(MASTER_IN_JSON.finditer(line)):
            if is_other_master(match.group("key"), match.group("value")):
                yield number, match.group("value")


def is_other_master(key, value):
    if value.lower() in ("yarn", "null", "none", "{", "[", "|", ">"):
        return False
    # A bare "master" may be a branch, or a mixer's volume.
    return key.lower() != "master" or bool(MASTER.match(value))


def is_read(path, texts):
    """Whether the program names the file, whole or by its end, in one of its texts."""
    name = path.rsplit("/", 1)[-1]
    return any(name in text for text in texts)
