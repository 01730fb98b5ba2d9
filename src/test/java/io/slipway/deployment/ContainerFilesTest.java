package io.slipway.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

/** Dockerfile and compose file, as far as they can be held to something without a Docker engine. */
class ContainerFilesTest {

    private static final Path ROOT = Path.of("").toAbsolutePath();

    private final List<String> dockerfile = instructions();

    @Test
    void copiesOnlyWhatIsThereAndNotIgnored() throws IOException {
        Set<String> kept = Set.copyOf(Files.readAllLines(ROOT.resolve(".dockerignore")).stream()
                .filter(line -> line.startsWith("!"))
                .map(line -> line.substring(1))
                .toList());
        List<String> copies = dockerfile.stream()
                .filter(line -> line.startsWith("COPY ") && !line.contains("--from="))
                .toList();
        assertThat(copies).isNotEmpty().allSatisfy(line -> {
            String source = line.split("\\s+")[1];
            assertThat(ROOT.resolve(source)).exists();
            assertThat(kept).contains(source);
        });
    }

    @Test
    void takesTheLayersThatTheJarHas() {
        List<String> layers = dockerfile.stream()
                .filter(line -> line.startsWith("COPY --from=build"))
                .map(line -> line.split("\\s+")[2])
                .toList();
        assertThat(layers)
                .containsExactly(
                        "/build/layers/dependencies/",
                        "/build/layers/spring-boot-loader/",
                        "/build/layers/snapshot-dependencies/",
                        "/build/layers/application/",
                        "/build/src/main/jvm/java.options");
        assertThat(dockerfile)
                .contains("RUN java -Djarmode=tools -jar target/slipway.jar extract --layers --destination layers");
    }

    @Test
    void runsAsNobodySpecialUnderAnInit() {
        assertThat(dockerfile).contains("USER 10001:10001");
        assertThat(dockerfile)
                .filteredOn(line -> line.startsWith("ENTRYPOINT"))
                .singleElement()
                .asString()
                .contains("\"/usr/bin/tini\", \"--\"");
        assertThat(dockerfile)
                .filteredOn(line -> line.startsWith("HEALTHCHECK"))
                .singleElement()
                .asString()
                .contains("/actuator/health/readiness");
    }

    @Test
    void startsTheServiceAsItLearnedItsClasses() {
        assertThat(dockerfile)
                .filteredOn(line -> line.startsWith("ENTRYPOINT"))
                .singleElement()
                .asString()
                .contains("\"java\", \"@java.options\"", "\"-XX:SharedArchiveFile=classes.jsa\"");
        assertThat(dockerfile)
                .anyMatch(line -> line.contains("java @java.options -XX:ArchiveClassesAtExit=classes.jsa"));
    }

    @Test
    void setsOnlySettingsThatTheApplicationHas() throws IOException {
        Settings settings = new Settings();
        List<String> names = Pattern.compile("\\b([A-Z_]{4,})=")
                .matcher(String.join(
                        "\n",
                        dockerfile.stream()
                                .filter(line -> line.startsWith("ENV"))
                                .toList()))
                .results()
                .map(found -> found.group(1))
                .toList();
        assertThat(names).contains("LC_ALL", "SLIPWAY_HOME", "SERVER_ADDRESS");
        assertThat(names)
                .filteredOn(name -> !name.equals("LC_ALL") && !name.equals("JDK_JAVA_OPTIONS"))
                .allMatch(settings::knowsVariable);
        assertThat(environment("slipway").keySet()).allMatch(settings::knowsVariable);
    }

    @Test
    void composesTheServiceWithADatabaseThatIsReadyFirst() {
        assertThat(service("slipway").get("depends_on")).hasToString("{database={condition=service_healthy}}");
        assertThat(service("database")).containsKey("healthcheck");
        assertThat(environment("slipway").get("SPRING_DATASOURCE_URL"))
                .isEqualTo("jdbc:postgresql://database:5432/"
                        + environment("database").get("POSTGRES_DB"));
        assertThat(environment("slipway").get("SPRING_DATASOURCE_PASSWORD"))
                .isEqualTo(environment("database").get("POSTGRES_PASSWORD"));
        assertThat(compose().get("volumes")).hasToString("{home=null, database=null}");
    }

    @Test
    void takesSecretsFromTheEnvironmentAndSaysWhoMayCome() {
        assertThat(environment("slipway").get("SPRING_DATASOURCE_PASSWORD").toString())
                .startsWith("${SLIPWAY_DATABASE_PASSWORD:?");
        assertThat(environment("slipway").get("SLIPWAY_SECURITY_TOKENS_DEV").toString())
                .startsWith("${SLIPWAY_TOKEN_SHA256:?");
        assertThat(environment("slipway")).containsEntry("SLIPWAY_COMPUTE_LOCAL_REMOTECALLERS", "true");
        assertThat(service("slipway").get("ports").toString()).contains("127.0.0.1:");
    }

    @Test
    void boundsWhatAContainerMayUseAndWrite() {
        for (String name : List.of("slipway", "database")) {
            assertThat(service(name)).containsKeys("mem_limit", "pids_limit", "tmpfs");
            assertThat(service(name)).containsEntry("read_only", true);
        }
        assertThat(service("slipway").get("tmpfs").toString()).contains("/tmp:exec");
        assertThat(service("slipway").get("volumes").toString()).contains("home:/var/lib/slipway");
    }

    @Test
    void takesItsBasesByDigestOrSaysWhyNot() throws IOException {
        assertThat(dockerfile.stream().filter(line -> line.startsWith("FROM ")))
                .hasSize(2)
                .allMatch(line -> line.matches("FROM \\$\\{[A-Z_]+}.*"));
        assertThat(Files.readString(ROOT.resolve("Dockerfile"))).contains("not by digest: ", "@sha256:");
    }

    private static Map<String, Object> compose() {
        try {
            return new Yaml().load(Files.readString(ROOT.resolve("docker-compose.yml")));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> service(String name) {
        return ((Map<String, Map<String, Object>>) compose().get("services")).get(name);
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> environment(String service) {
        return (Map<String, Object>) service(service).get("environment");
    }

    /** One line each, comments left out. */
    private static List<String> instructions() {
        try {
            String text = Files.readString(ROOT.resolve("Dockerfile"))
                    .replaceAll("(?m)^#.*\\n", "")
                    .replaceAll("\\\\\\n\\s*", "");
            return text.lines().filter(line -> !line.isBlank()).toList();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
