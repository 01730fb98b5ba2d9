"""Which modules the packages of an index bring, where the names differ, and which packages come with others.

What is not listed here brings modules of its own name, or nobody knows. Standard library only; the syntax is held to Python 3.7.
"""
import re

# Distributions, in normalised spelling, and the modules at the top level that they install.
BRINGS = {
    "absl-py": "absl",
    "apache-airflow": "airflow",
    "antlr4-python3-runtime": "antlr4",
    "attrs": "attr attrs",
    "azure-identity": "azure",
    "beautifulsoup4": "bs4",
    "biopython": "Bio",
    "cython": "Cython cython pyximport",
    "databricks-sdk": "databricks",
    "delta-spark": "delta",
    "discord-py": "discord",
    "djangorestframework": "rest_framework",
    "dnspython": "dns",
    "faiss-cpu": "faiss",
    "faiss-gpu": "faiss",
    "fonttools": "fontTools",
    "gitpython": "git",
    "google-api-python-client": "googleapiclient apiclient",
    "grpcio": "grpc",
    "imbalanced-learn": "imblearn",
    "ipython": "IPython",
    "jpype1": "jpype",
    "kafka-python": "kafka",
    "kafka-python-ng": "kafka",
    "levenshtein": "Levenshtein",
    "msgpack-python": "msgpack",
    "mysql-connector-python": "mysql",
    "mysqlclient": "MySQLdb",
    "opencv-contrib-python": "cv2",
    "opencv-contrib-python-headless": "cv2",
    "opencv-python": "cv2",
    "opencv-python-headless": "cv2",
    "paho-mqtt": "paho",
    "pillow": "PIL",
    "pillow-simd": "PIL",
    "protobuf": "google",
    "psycopg2-binary": "psycopg2",
    "pycryptodome": "Crypto",
    "pycryptodomex": "Cryptodome",
    "pyhive": "pyhive TCLIService",
    "pyjwt": "jwt",
    "pymongo": "pymongo bson gridfs",
    "pynacl": "nacl",
    "pyopenssl": "OpenSSL",
    "pypdf2": "PyPDF2",
    "pyserial": "serial",
    "pyshp": "shapefile",
    "pysocks": "socks sockshandler",
    "python-box": "box",
    "python-dateutil": "dateutil",
    "python-docx": "docx",
    "python-dotenv": "dotenv",
    "python-geohash": "geohash",
    "python-gnupg": "gnupg",
    "python-jose": "jose",
    "python-json-logger": "pythonjsonlogger",
    "python-levenshtein": "Levenshtein",
    "python-magic": "magic",
    "python-multipart": "multipart python_multipart",
    "python-pptx": "pptx",
    "python-slugify": "slugify",
    "python-snappy": "snappy",
    "pywavelets": "pywt",
    "pyyaml": "yaml _yaml",
    "pyzmq": "zmq",
    "redis-py-cluster": "rediscluster",
    "scikit-image": "skimage",
    "scikit-learn": "sklearn",
    "scikit-optimize": "skopt",
    "setuptools": "setuptools pkg_resources _distutils_hack",
    "snowflake-connector-python": "snowflake",
    "tensorflow-cpu": "tensorflow",
    "umap-learn": "umap",
    "websocket-client": "websocket",
    "zeroc-ice": "Ice",
}
# Widely used ones that bring a module of their own name.
OF_ONE_NAME = {
    "aws_lambda_powertools", "awswrangler", "boto3", "botocore", "cachetools", "catalogue", "certifi", "cffi", "charset_normalizer", "click",
    "clickhouse_driver", "cloudpickle", "colorama", "confluent_kafka", "cryptography", "dask", "duckdb", "elasticsearch_dsl", "faker", "fastapi",
    "fastavro", "fastparquet", "filelock", "flask", "fsspec", "geopandas", "geopy", "graphframes", "hdfs", "httpx", "hypothesis", "ibm_db", "idna",
    "importlib_metadata", "importlib_resources", "jaydebeapi", "jinja2", "jmespath", "joblib", "jsonschema", "keras", "lightgbm", "loguru", "lxml",
    "markdown", "markupsafe", "matplotlib", "mlflow", "more_itertools", "networkx", "nltk", "numba", "numpy", "openpyxl", "orjson", "packaging", "pandas",
    "paramiko", "patsy", "plotly", "polars", "prometheus_client", "psutil", "psycopg", "psycopg_binary", "pyarrow", "pycountry", "pydantic",
    "pydantic_core", "pymysql", "pyproj", "pytest", "pytz", "redis", "regex", "requests", "requests_aws4auth", "s3fs", "s3transfer", "scipy", "seaborn",
    "shapely", "simple_salesforce", "simplejson", "six", "smart_open", "spacy", "sqlalchemy", "statsmodels", "sympy", "tables", "tabulate", "tenacity",
    "threadpoolctl", "toml", "tomli", "toolz", "torch", "tqdm", "transformers", "typer", "typing_extensions", "tzdata", "tzlocal", "ujson", "unidecode",
    "urllib3", "wrapt", "xgboost", "xlrd", "xlsxwriter", "xmltodict", "zstandard",
}
# What pip installs together with a package, since its metadata says so: enough to be silent about.
COMES_WITH = {
    "boto3": "botocore s3transfer",
    "botocore": "jmespath python-dateutil urllib3",
    "dask": "click cloudpickle fsspec packaging partd pyyaml toolz",
    "fastapi": "pydantic starlette typing-extensions",
    "geopandas": "numpy pandas packaging pyproj shapely",
    "imbalanced-learn": "joblib numpy scikit-learn scipy",
    "jsonschema": "attrs referencing",
    "lightgbm": "numpy scipy",
    "matplotlib": "contourpy cycler fonttools kiwisolver numpy packaging pillow pyparsing python-dateutil",
    "pandas": "numpy python-dateutil pytz tzdata",
    "pydantic": "pydantic-core typing-extensions",
    "python-dateutil": "six",
    "requests": "certifi charset-normalizer idna urllib3",
    "s3fs": "aiobotocore aiohttp fsspec",
    "aiobotocore": "botocore wrapt",
    "scikit-image": "numpy pillow scipy",
    "scikit-learn": "joblib numpy scipy threadpoolctl",
    "scipy": "numpy",
    "seaborn": "matplotlib numpy pandas",
    "statsmodels": "numpy packaging pandas patsy scipy",
    "xgboost": "numpy scipy",
}
# Of these a distribution does not have to be named: whatever makes an environment may leave them in it.
OFTEN_THERE = {"_distutils_hack", "pip", "pkg_resources", "setuptools", "wheel"}
# Many packages share these, so none can be named for them.
SHARED = {"azure", "databricks", "google", "mysql", "snowflake"}

FROM = {}
for _distribution, _modules in BRINGS.items():
    for _module in _modules.split():
        FROM.setdefault(_module, []).append(_distribution)
for _name in OF_ONE_NAME:
    FROM.setdefault(_name, []).append(_name.replace("_", "-"))


def normalised(name):
    return re.sub(r"[-_.]+", "-", name).lower()


class Installed:
    """What is installed beside the project, by the names of its packages."""

    def __init__(self, names):
        self.names = set()
        waiting = {normalised(re.match(r"[A-Za-z0-9._-]*", name).group()) for name in names} - {""}
        while waiting:
            name = waiting.pop()
            if name not in self.names:
                self.names.add(name)
                waiting.update(COMES_WITH.get(name, "").split())

    def may_bring(self, module):
        """Whether one of them has the module, or may have it by its name: python-x, x-binary and x-fork are taken to bring x."""
        if module in OFTEN_THERE or not self.names.isdisjoint(FROM.get(module, ())):
            return True
        words = normalised(module).strip("-").split("-")
        return any(words[0] == "" or self.sounds_like(name, words) for name in self.names)

    @staticmethod
    def sounds_like(name, words):
        parts = name.split("-")
        plain, wanted = name.replace("-", ""), "".join(words)
        return set(words) <= set(parts) or plain in (wanted, "py" + wanted, wanted + "py", "python" + wanted, wanted + "python", "lib" + wanted)


def usual_package(module):
    """The name under which an index has the module, or None when that is not known."""
    found = None if module in SHARED else FROM.get(module)
    return sorted(found, key=lambda name: (len(name), name))[0] if found else None
