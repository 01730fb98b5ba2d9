package io.slipway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.marcnuri.helm.Helm;
import io.slipway.aws.AwsEnvironment;
import io.slipway.aws.SimulatedEmr;
import io.slipway.aws.SimulatedS3;
import io.slipway.aws.StepOutput;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.yaml.snakeyaml.Yaml;

/**
 * "From an AWS account to the first job" in docs/operating.md, line by line: the commands by a real shell, with stand-ins of the programs
 * that are not here; the chart by helm; the service that comes of it, with the settings that the chart gives it, on simulated S3 and EMR.
 */
@Tag("full")
class OperatingWalkTest {

    private static final Path ROOT = Path.of("").toAbsolutePath();
    private static final String CLUSTER = "j-2AXXXXXXGAPLF";
    private static final String BUCKET = "slipway-111122223333-eu-central-1";

    /** Says what the real program would; every file and every document that it is given has to be there, and JSON. */
    private static final String STAND_IN = """
            #!/usr/bin/env python3
            import json, os, sys
            words = [os.path.basename(sys.argv[0])] + sys.argv[1:]
            if words[:2] == ["docker", "login"]:
                assert sys.stdin.read() == "a-password\\n"
            for word in words:
                if word.startswith("file://"):
                    json.load(open(word[7:]))
                if word.startswith("{"):
                    json.loads(word)
            with open(os.environ["CALLS"], "a") as calls:
                calls.write(" ".join(words).replace("\\n", " ") + "\\n")
            told = {"sts get-caller-identity": "111122223333", "emr create-cluster": "j-2AXXXXXXGAPLF", "ecr get-login-password": "a-password"}
            if words[0] == "aws":
                print(told.get(" ".join(words[1:3]), "{}"))
            if words[0] == "openssl":
                print("ab" * 32)
            """;

    private static final String BUILD = "Slipway environment ";

    @TempDir
    private Path folder;

    @Test
    void leadsAStrangerFromNothingToTheirFirstJob() throws Exception {
        List<String> blocks = blocks();
        assertThat(blocks).hasSizeGreaterThan(6);
        String setUp = String.join("\n", blocks.subList(0, blocks.size() - 1));
        Map<String, String> found = lines(bash(
                setUp + "\nprintf 'WORK=%s\\nTOKEN=%s\\n' \"$WORK\" \"$TOKEN\"",
                Map.of("DATABASE_PASSWORD", "a-secret-of-the-database")));
        List<String> calls = Files.readAllLines(folder.resolve("calls"));
        assertThat(calls)
                .anyMatch(
                        call -> call.startsWith("aws emr create-cluster") && call.contains("s3://" + BUCKET + "/logs/"))
                .anyMatch(call -> call.startsWith("helm upgrade --install slipway helm/slipway"))
                .allSatisfy(call -> assertThat(call).doesNotContain(found.get("TOKEN")));
        policiesName(Path.of(found.get("WORK")));

        Map<String, Map<String, Object>> rendered = rendered(Path.of(found.get("WORK"), "values.yaml"));
        assertThat(rendered.keySet()).contains("Deployment", "Service", "Ingress", "ServiceAccount");
        assertThat(name(rendered.get("ServiceAccount"))).isEqualTo("slipway");
        assertThat(name(rendered.get("Service"))).isEqualTo("slipway");
        String settings = String.valueOf(((Map<?, ?>) rendered.get("ConfigMap").get("data")).get("application.yml"));
        String hash = calls.stream()
                .flatMap(call -> Pattern.compile("--from-literal=alice=(\\w{64})")
                        .matcher(call)
                        .results())
                .map(match -> match.group(1))
                .findFirst()
                .orElseThrow();
        firstJob(blocks.get(blocks.size() - 1), settings, hash, found.get("TOKEN"));
    }

    private void firstJob(String block, String settings, String hash, String token) throws Exception {
        Clock clock = Clock.systemUTC();
        Path file = Files.writeString(folder.resolve("application.yml"), settings);
        Databases.Database database = Databases.postgres();
        try (SimulatedEmr emr = SimulatedEmr.start(clock).withCluster(CLUSTER, 5, "s3://" + BUCKET + "/logs/");
                SimulatedS3 s3 = SimulatedS3.start().withBucket(BUCKET);
                AwsEnvironment aws = new AwsEnvironment()
                        .withS3(s3.endpoint())
                        .with("aws.endpointUrlEmr", emr.endpoint().toString())) {
            emr.onEnd(step -> {
                if (step.name().startsWith(BUILD)) {
                    built(s3, step.name().substring(BUILD.length()));
                    return;
                }
                String application = "application_1767614400000_10001";
                put(s3, "steps/" + step.id() + "/stderr.gz", StepOutput.submitting(application));
                String container = "containers/" + application + "/container_1767614400000_10001_01_000001/";
                put(s3, container + "stderr.gz", StepOutput.applicationMaster());
                put(s3, container + "stdout.gz", "mean square: 285.0\n");
            });
            try (ConfigurableApplicationContext service = SpringApplication.run(
                    SlipwayApplication.class,
                    "--spring.profiles.active=aws",
                    "--spring.config.additional-location=file:" + file,
                    "--spring.datasource.url=" + database.url(),
                    "--spring.datasource.username=" + database.user(),
                    "--spring.datasource.password=" + database.password(),
                    "--slipway.security.tokens.alice=" + hash,
                    "--slipway.home=" + folder.resolve("home"),
                    "--server.address=127.0.0.1",
                    "--server.port=0",
                    "--slipway.artifacts.s3.path-style=true",
                    "--slipway.compute.emr.log-path-style=true",
                    "--slipway.compute.emr.pace=300ms",
                    "--slipway.reconcile.applications=300ms")) {
                String url = "http://127.0.0.1:" + service.getEnvironment().getProperty("local.server.port");
                String printed = bash(
                        "NAMESPACE=slipway WORK=" + folder + " TOKEN=" + token + "\n" + block,
                        Map.of("SLIPWAY_URL", url, "SLIPWAY_LOG_PATIENCE", "60"));
                assertThat(printed).contains("\"analytics\"").endsWith("mean square: 285.0\n");
            }
        }
    }

    /** Leaves what the program on the primary node would. */
    private static void built(SimulatedS3 s3, String intent) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(new GZIPOutputStream(packed))) {
            TarArchiveEntry python = new TarArchiveEntry("bin/python", TarConstants.LF_SYMLINK);
            python.setLinkName("python3");
            tar.putArchiveEntry(python);
            tar.closeArchiveEntry();
            tar.putArchiveEntry(new TarArchiveEntry("bin/python3"));
            tar.closeArchiveEntry();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        String folder = "slipway/builds/" + intent + "/";
        s3.put(BUCKET, folder + "environment.tar.gz", packed.toByteArray());
        String result = "{\"python\": \"3.9.20\", \"packed\": %d, \"sha256\": \"%s\", \"seconds\": 1}"
                .formatted(packed.size(), sha256(packed.toByteArray()));
        s3.put(BUCKET, folder + "result.json", result.getBytes(UTF_8));
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static void put(SimulatedS3 s3, String path, String text) {
        s3.put(BUCKET, "logs/" + CLUSTER + "/" + path, StepOutput.gzip(text));
    }

    /** Nothing of the examples' own names is left in what is given to IAM. */
    private static void policiesName(Path work) throws IOException {
        for (String policy : List.of("service.json", "instance-profile.json")) {
            assertThat(work.resolve(policy)).content().contains(BUCKET).doesNotContain("my-bucket", "my-logs");
        }
    }

    private static Map<String, Map<String, Object>> rendered(Path values) {
        String all = new Helm(ROOT.resolve("helm/slipway"))
                .template()
                .withName("slipway")
                .withNamespace("slipway")
                .withValuesFile(values)
                .call();
        Map<String, Map<String, Object>> byKind = new HashMap<>();
        for (Object document : new Yaml().loadAll(all)) {
            if (document instanceof Map<?, ?> resource) {
                @SuppressWarnings("unchecked")
                Map<String, Object> typed = (Map<String, Object>) resource;
                byKind.put(String.valueOf(typed.get("kind")), typed);
            }
        }
        return byKind;
    }

    private static Object name(Map<String, Object> resource) {
        return ((Map<?, ?>) resource.get("metadata")).get("name");
    }

    /** Runs it as a shell does that stops at the first error; returns what it printed to stdout. */
    private String bash(String script, Map<String, String> environment) throws Exception {
        Path programs = Files.createDirectories(folder.resolve("programs"));
        for (String name : List.of("aws", "kubectl", "helm", "docker", "openssl")) {
            Path program = Files.writeString(programs.resolve(name), STAND_IN);
            assertThat(program.toFile().setExecutable(true)).isTrue();
        }
        Path out = Files.createTempFile(folder, "walk", ".out");
        Path err = Files.createTempFile(folder, "walk", ".err");
        ProcessBuilder shell = new ProcessBuilder(new ArrayList<>(List.of("bash", "-euo", "pipefail", "-c", script)))
                .directory(ROOT.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        shell.environment().keySet().removeIf(name -> name.matches("(SLIPWAY|AWS|GITHUB|CI)_.*"));
        shell.environment().putAll(environment);
        shell.environment().put("CALLS", folder.resolve("calls").toString());
        shell.environment().put("TMPDIR", folder.toString());
        shell.environment().put("PATH", programs + ":" + System.getenv("PATH"));
        int status = shell.start().waitFor();
        assertThat(status).as(Files.readString(out) + Files.readString(err)).isZero();
        return Files.readString(out, UTF_8);
    }

    private static Map<String, String> lines(String printed) {
        return printed.lines()
                .filter(line -> line.matches("[A-Z]+=.*"))
                .collect(Collectors.toMap(line -> line.split("=", 2)[0], line -> line.split("=", 2)[1]));
    }

    private static List<String> blocks() throws IOException {
        String page = Files.readString(ROOT.resolve("docs/operating.md"));
        String walk = page.substring(page.indexOf("## From an AWS account to the first job"), page.indexOf("\n## IAM"));
        return Pattern.compile("(?s)```sh\n(.*?)```")
                .matcher(walk)
                .results()
                .map((MatchResult block) -> block.group(1))
                .toList();
    }
}
