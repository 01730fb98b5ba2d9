package io.slipway.project.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.slipway.project.DriverHost;
import io.slipway.project.Finding;
import io.slipway.project.archive.ProjectArchive;
import io.slipway.project.requirements.RequirementFiles;
import io.slipway.project.requirements.RequirementRules;
import io.slipway.project.requirements.Requirements;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a program imports against what is installed for it. */
class InstalledPackagesTest {

    private static final SourceAnalysis ANALYSIS = new SourceAnalysis("python3", Duration.ofSeconds(30));
    private static final String HASH = " --hash=sha256:" + "ab".repeat(32);
    private static final String SHA256 = "cd".repeat(32);

    @TempDir
    private Path root;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "PyYAML | yaml",
                "scikit-learn | sklearn",
                "scikit-learn>=1.4 | numpy",
                "Pillow==10.0 | PIL",
                "python_dateutil | dateutil.parser",
                "opencv-python-headless | cv2",
                "pandas[parquet]>=2 ; python_version >= '3.9' | pytz",
                "boto3 | botocore.exceptions",
                "protobuf | google.protobuf",
                "google-cloud-bigquery | google.cloud",
                "ruamel.yaml | ruamel.yaml",
                "zope.interface | zope.interface",
                "acme-numpy | numpy",
                "pyodbc | pyodbc",
                "PyMySQL | pymysql",
                "typing_extensions | typing_extensions",
                "numpy | setuptools",
                "numpy | pyspark.sql",
            })
    void whatAPackageBringsIsNotMissed(String requirement, String module) throws IOException {
        String program = "import " + module + "\n";

        assertThat(missed("requirements.txt", requirement + "\n", program))
                .as("as it is")
                .isEmpty();
        assertThat(missed("requirements.txt", hashed(requirement), program))
                .as("hashed, so that nothing else comes")
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "numpy==1.26.4 | yaml | Add pyyaml",
                "numpy==1.26.4 | sklearn.linear_model | Add scikit-learn",
                "requests==2.31.0 | pandas | Add pandas",
                "six==1.16.0 | dateutil | Add python-dateutil",
            })
    void aKnownModuleThatNoneOfAllPackagesBringsIsAWarning(String requirement, String module, String wayOut)
            throws IOException {
        assertThat(missed("requirements.txt", hashed(requirement), "\nimport " + module + "\n"))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.severity()).isEqualTo(Finding.Severity.WARNING);
                    assertThat(finding.at()).isEqualTo("main.py:2");
                    assertThat(finding.what())
                            .contains(module.split("\\.")[0] + " is neither in the project")
                            .contains("requirements.txt");
                    assertThat(finding.wayOut()).startsWith(wayOut).contains("lock");
                });
    }

    @Test
    void aLockNamesAllPackages() throws IOException {
        String lock = """
                lock-version = "1.0"
                created-by = "test"

                [[packages]]
                name = "numpy"
                version = "1.26.4"
                wheels = [{name = "numpy-1.26.4-py3-none-any.whl", hashes = {sha256 = "%s"}}]
                """.formatted(SHA256);

        assertThat(missed("pylock.toml", lock, "import numpy, yaml\n"))
                .extracting(Finding::severity, Finding::wayOut)
                .containsExactly(tuple(Finding.Severity.WARNING, "Add pyyaml, and lock anew."));
    }

    @Test
    void whatMayComeAlongOrHaveAnotherNameIsInformation() throws IOException {
        assertThat(missed("requirements.txt", "acme-tools\n", "import yaml\nimport acme_core\n"))
                .extracting(Finding::severity)
                .containsExactly(Finding.Severity.INFO, Finding.Severity.INFO);
        assertThat(missed("requirements.txt", hashed("acme-tools==1"), "import acme_core\n"))
                .as("the name of its package is not known")
                .extracting(Finding::severity)
                .containsExactly(Finding.Severity.INFO);
        assertThat(missed("requirements.txt", hashed("numpy==1"), "import google.cloud\n"))
                .as("many packages share the name")
                .extracting(Finding::severity)
                .containsExactly(Finding.Severity.INFO);
    }

    @Test
    void aProgramThatCanDoWithoutIsLeftAlone() throws IOException {
        assertThat(missed(
                        "requirements.txt",
                        hashed("numpy==1"),
                        "try:\n    import yaml\nexcept ImportError:\n    yaml = None\n"))
                .isEmpty();
    }

    @Test
    void anAddressTellsItsPackageByTheNameOfItsWheel() throws IOException {
        String wheel = "https://wheels.example.com/a/PyYAML-6.0-cp311-cp311-linux_x86_64.whl#sha256=" + SHA256;

        assertThat(missed("requirements.txt", wheel + "\n", "import yaml\n")).isEmpty();
        assertThat(missed("requirements.txt", wheel + "\n", "import numpy\n")).hasSize(1);
        assertThat(missed("requirements.txt", "pyyaml @ " + wheel + "\n", "import yaml\n"))
                .isEmpty();
        assertThat(missed(
                        "requirements.txt",
                        "https://wheels.example.com/archive.tar.gz#sha256=" + SHA256 + "\n",
                        "import numpy\n"))
                .as("nobody knows what this brings")
                .isEmpty();
    }

    @Test
    void aWheelOfTheProjectTellsItsPackage() throws IOException {
        Map<String, String> files =
                files("requirements.txt", "./wheels/acme_core-1.0-py3-none-any.whl\n", "import acme_core, yaml\n");
        files.put("wheels/acme_core-1.0-py3-none-any.whl", "a wheel");

        assertThat(missed("requirements.txt", files))
                .singleElement()
                .satisfies(finding -> assertThat(finding.what()).startsWith("yaml "));
    }

    @Test
    void whatTheNodesArePreparedWithIsThere() throws IOException {
        Map<String, String> files = Map.of("main.py", "import pandas, numpy\nimport yaml\n");

        assertThat(missed(files, InstalledPackages.onCluster(List.of("pandas==2.2.*"))))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.what()).startsWith("yaml ");
                    assertThat(finding.severity()).isEqualTo(Finding.Severity.INFO);
                });
    }

    /** Each with the hash that pip then wants of all of them. */
    private static String hashed(String requirement) {
        String[] parts = requirement.split(" ; ", 2);
        return parts[0] + (parts.length == 1 ? "" : " ; " + parts[1]) + HASH + "\n";
    }

    private static Map<String, String> files(String file, String text, String program) {
        Map<String, String> files = new LinkedHashMap<>();
        files.put("main.py", program);
        files.put(file, text);
        return files;
    }

    private List<Finding> missed(String file, String text, String program) throws IOException {
        return missed(file, files(file, text, program));
    }

    private List<Finding> missed(String file, Map<String, String> files) throws IOException {
        try (ProjectArchive project = Projects.of(root, files)) {
            RequirementRules rules = new RequirementRules(true, List.of("https://wheels.example.com/"));
            Requirements read = RequirementFiles.read(project, file, rules);
            return missed(project, InstalledPackages.required(file, read.packages(), read.isComplete()));
        }
    }

    private List<Finding> missed(Map<String, String> files, InstalledPackages packages) throws IOException {
        try (ProjectArchive project = Projects.of(root, files)) {
            return missed(project, packages);
        }
    }

    private List<Finding> missed(ProjectArchive project, InstalledPackages packages) throws IOException {
        List<Finding> findings =
                ANALYSIS.of(project, Projects.plan("main.py", Map.of()), DriverHost.PROCESS, null, packages, root);
        assertThat(findings).extracting(Finding::code).doesNotContain("not-analysed");
        return findings.stream()
                .filter(finding -> finding.code().equals("import-not-in-project"))
                .toList();
    }
}
