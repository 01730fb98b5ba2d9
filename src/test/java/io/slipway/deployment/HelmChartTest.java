package io.slipway.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.FileSystemUtils;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The chart as helm itself lints and renders it. */
class HelmChartTest {

    private static final Path CHART = Path.of("helm/slipway").toAbsolutePath();

    private static final String LEAST = """
            config:
              artifacts: { s3: { bucket: projects } }
              clusters: { analytics: { emr: { cluster-id: j-2AXXXXXXGAPLF, step-concurrency: 10 } } }
            aws: { region: eu-central-1 }
            database: { url: "jdbc:postgresql://db:5432/slipway" }
            """;
    private static final String EVERYTHING = LEAST.replace(
                    "config:\n",
                    "config:\n  default-cluster: analytics\n"
                            + "  quotas: { live-jobs: 100, owners: { ann: { live-jobs: 1000 } } }\n"
                            + "  retention: { ended-jobs: 14d }\n")
            + """
            replicas: 3
            image: { repository: registry.example/slipway, tag: "1.2.3" }
            imagePullSecrets: [ { name: pull } ]
            serviceAccount: { roleArn: "arn:aws:iam::111122223333:role/slipway", annotations: { a: b } }
            ingress: { enabled: true, className: nginx, host: slipway.example, tlsSecret: slipway-tls, annotations: { c: d } }
            serviceMonitor: { enabled: true, labels: { release: prometheus } }
            podAnnotations: { e: f }
            podLabels: { team: data }
            priorityClassName: high
            networkPolicy: { enabled: true, from: [ { namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: ingress } } } ] }
            nodeSelector: { disk: fast }
            tolerations: [ { key: k, operator: Exists } ]
            affinity: { nodeAffinity: {} }
            env: [ { name: JDK_JAVA_OPTIONS, value: "-Xmx512m" } ]
            envFrom: [ { secretRef: { name: more } } ]
            extraVolumes: [ { name: ca, configMap: { name: company-ca } } ]
            extraVolumeMounts: [ { name: ca, mountPath: /etc/company-ca, readOnly: true } ]
            """;
    private static final String SINGLE = LEAST
            + "replicas: 1\nsecurity: { anonymous: true }\nserviceAccount: { create: false }\nlogging: { format: '' }\n";

    @TempDir
    private Path folder;

    @Test
    void lints() {
        LintResult result = new Helm(CHART).lint().strict().call();
        assertThat(result.isFailed())
                .as(String.join("\n", result.getMessages()))
                .isFalse();
    }

    @Test
    void rendersWhatAClusterNeedsAtLeast() throws IOException {
        Map<String, Map<String, Object>> all = render(LEAST);
        assertThat(all.keySet())
                .containsExactlyInAnyOrder(
                        "ConfigMap", "Deployment", "PodDisruptionBudget", "Service", "ServiceAccount");
        assertThat(at(all, "Deployment", "spec", "replicas")).isEqualTo(2);
        assertThat(env(all))
                .containsEntry("SPRING_PROFILES_ACTIVE", "aws")
                .containsEntry("AWS_REGION", "eu-central-1")
                .containsEntry("LOGGING_STRUCTURED_FORMAT_CONSOLE", "ecs")
                .containsEntry(
                        "SLIPWAY_SECURITY_HOSTS",
                        "test-slipway,test-slipway.jobs,test-slipway.jobs.svc,test-slipway.jobs.svc.cluster.local")
                .doesNotContainKeys("SLIPWAY_SECURITY_ANONYMOUS", "SLIPWAY_SECURITY_OPENMETRICS");
        assertThat(text(all, "Deployment")).contains("key=password", "secretName=slipway-tokens");
    }

    @Test
    void rendersEverything() throws IOException {
        Map<String, Map<String, Object>> all = render(EVERYTHING);
        assertThat(all.keySet())
                .containsExactlyInAnyOrder(
                        "ConfigMap",
                        "Deployment",
                        "Ingress",
                        "NetworkPolicy",
                        "PodDisruptionBudget",
                        "Service",
                        "ServiceAccount",
                        "ServiceMonitor");
        assertThat(text(all, "ServiceAccount"))
                .contains("eks.amazonaws.com/role-arn=arn:aws:iam::111122223333:role/slipway");
        assertThat(text(all, "Deployment")).contains("registry.example/slipway:1.2.3", "-Xmx512m");
        assertThat(env(all))
                .containsEntry("SERVER_FORWARDHEADERSSTRATEGY", "native")
                .containsEntry("SLIPWAY_SECURITY_OPENMETRICS", "true");
        assertThat(env(all).get("SLIPWAY_SECURITY_HOSTS")).asString().endsWith(",slipway.example");
        assertThat(text(all, "Ingress")).contains("secretName=slipway-tls", "host=slipway.example");
        assertThat(text(all, "ServiceMonitor")).contains("release=prometheus", "/actuator/prometheus");
    }

    @Test
    void rendersASingleReplicaWithoutTokens() throws IOException {
        Map<String, Map<String, Object>> all = render(SINGLE);
        assertThat(all.keySet()).containsExactlyInAnyOrder("ConfigMap", "Deployment", "Service");
        assertThat(env(all))
                .containsEntry("SLIPWAY_SECURITY_ANONYMOUS", "true")
                .doesNotContainKeys("SPRING_CONFIG_IMPORT", "LOGGING_STRUCTURED_FORMAT_CONSOLE");
        assertThat(at(all, "Deployment", "spec", "template", "spec", "serviceAccountName"))
                .isEqualTo("default");
    }

    @Test
    void namesEverythingByTheOverrides() throws IOException {
        Map<String, Map<String, Object>> all = render(EVERYTHING + "fullnameOverride: jobs-by-http\n");
        assertThat(all.values())
                .extracting(resource ->
                        ((Map<?, ?>) resource.get("metadata")).get("name").toString())
                .containsOnly("jobs-by-http");
        assertThat(env(all).get("SLIPWAY_SECURITY_HOSTS")).asString().startsWith("jobs-by-http,jobs-by-http.jobs,");
        Map<String, Map<String, Object>> renamed = render(LEAST + "nameOverride: spark\n");
        assertThat(at(renamed, "Service", "metadata", "name")).isEqualTo("test-spark");
        assertThat(at(renamed, "Service", "spec", "selector"))
                .isEqualTo(Map.of("app.kubernetes.io/name", "spark", "app.kubernetes.io/instance", "test"))
                .isEqualTo(at(renamed, "Deployment", "spec", "selector", "matchLabels"));
    }

    @Test
    void aNameOfAnyLengthStaysALabel() throws IOException {
        String longest = "x".repeat(63);
        Map<String, Map<String, Object>> all =
                renderWithTest(LEAST + "nameOverride: " + longest + "\nfullnameOverride: " + longest + "\n");
        for (String kind : List.of("Pod", "Service")) {
            assertThat(at(all, kind, "metadata", "name").toString()).hasSizeLessThanOrEqualTo(63);
            Map<?, ?> labels = (Map<?, ?>) at(all, kind, "metadata", "labels");
            assertThat(labels.values())
                    .allSatisfy(label -> assertThat(label.toString()).hasSizeLessThanOrEqualTo(63));
        }
    }

    @Test
    void spreadsItsPodsOverZones() throws IOException {
        Map<String, Map<String, Object>> all = render(LEAST);
        Object selector = at(all, "Deployment", "spec", "selector", "matchLabels");
        assertThat(pod(all).get("topologySpreadConstraints"))
                .isEqualTo(List.of(Map.of(
                        "maxSkew",
                        1,
                        "topologyKey",
                        "topology.kubernetes.io/zone",
                        "whenUnsatisfiable",
                        "ScheduleAnyway",
                        "labelSelector",
                        Map.of("matchLabels", selector))));
        Map<String, Map<String, Object>> own = render(LEAST + """
                topologySpreadConstraints:
                  - { maxSkew: 2, topologyKey: host, whenUnsatisfiable: DoNotSchedule, labelSelector: { matchLabels: { a: b } } }
                  - { maxSkew: 3, topologyKey: rack, whenUnsatisfiable: DoNotSchedule }
                """);
        assertThat((List<?>) pod(own).get("topologySpreadConstraints"))
                .extracting(constraint -> (Object) ((Map<?, ?>) constraint).get("labelSelector"))
                .isEqualTo(List.of(Map.of("matchLabels", Map.of("a", "b")), Map.of("matchLabels", selector)));
    }

    @Test
    void takesMoreEnvironmentVolumesAndMounts() throws IOException {
        Map<String, Map<String, Object>> all = render(EVERYTHING);
        assertThat(container(all).get("envFrom")).isEqualTo(List.of(Map.of("secretRef", Map.of("name", "more"))));
        assertThat((List<?>) container(all).get("volumeMounts"))
                .asInstanceOf(InstanceOfAssertFactories.LIST)
                .contains(Map.of("name", "ca", "mountPath", "/etc/company-ca", "readOnly", true))
                .hasSize(5);
        assertThat((List<?>) pod(all).get("volumes"))
                .asInstanceOf(InstanceOfAssertFactories.LIST)
                .contains(Map.of("name", "ca", "configMap", Map.of("name", "company-ca")));
        assertThat(pod(all).get("priorityClassName")).isEqualTo("high");
        assertThat(at(all, "Deployment", "spec", "template", "metadata", "labels"))
                .asInstanceOf(InstanceOfAssertFactories.MAP)
                .containsEntry("team", "data")
                .containsEntry("app.kubernetes.io/instance", "test");
    }

    @Test
    void closesTheNetworkToAllButThoseNamedAndItsOwnTest() throws IOException {
        Map<String, Map<String, Object>> all = render(EVERYTHING);
        assertThat(at(all, "NetworkPolicy", "spec", "podSelector"))
                .isEqualTo(at(all, "Deployment", "spec", "selector"));
        assertThat(at(all, "NetworkPolicy", "spec", "policyTypes")).isEqualTo(List.of("Ingress"));
        Map<?, ?> rule = (Map<?, ?>) ((List<?>) at(all, "NetworkPolicy", "spec", "ingress")).get(0);
        assertThat(rule.get("ports")).isEqualTo(List.of(Map.of("port", "http", "protocol", "TCP")));
        assertThat(rule.get("from").toString())
                .contains("kubernetes.io/metadata.name=ingress", "app.kubernetes.io/name=slipway-test");
        Map<String, Map<String, Object>> open = render(LEAST + "networkPolicy: { enabled: true }\n");
        assertThat((Map<?, ?>) ((List<?>) at(open, "NetworkPolicy", "spec", "ingress")).get(0))
                .asInstanceOf(InstanceOfAssertFactories.MAP)
                .containsOnlyKeys("ports");
    }

    @Test
    void letsThePodsOutToDnsAndThoseNamed() throws IOException {
        Map<String, Map<String, Object>> all = render(LEAST
                + "networkPolicy: { enabled: true, egress: [ { to: [ { ipBlock: { cidr: 10.0.0.0/8 } } ] } ] }\n");
        assertThat(at(all, "NetworkPolicy", "spec", "policyTypes")).isEqualTo(List.of("Ingress", "Egress"));
        assertThat(at(all, "NetworkPolicy", "spec", "egress"))
                .isEqualTo(List.of(
                        Map.of(
                                "ports",
                                List.of(Map.of("port", 53, "protocol", "UDP"), Map.of("port", 53, "protocol", "TCP"))),
                        Map.of("to", List.of(Map.of("ipBlock", Map.of("cidr", "10.0.0.0/8"))))));
    }

    @Test
    void testsItselfByTheNameThatClientsUse() throws IOException {
        Map<String, Map<String, Object>> all = renderWithTest(LEAST + "service: { port: 8081 }\n");
        assertThat(text(all, "Pod"))
                .contains("http://test-slipway:8081/actuator/health/readiness", "readOnlyRootFilesystem=true")
                .contains("automountServiceAccountToken=false");
        assertThat(env(all).get("SLIPWAY_SECURITY_HOSTS")).asString().contains("test-slipway,");
        // Else the service would send clients to the test's pod.
        Map<?, ?> selector = (Map<?, ?>) at(all, "Service", "spec", "selector");
        Map<?, ?> labels = (Map<?, ?>) at(all, "Pod", "metadata", "labels");
        assertThat(labels.entrySet().containsAll(selector.entrySet())).isFalse();
    }

    @Test
    void tellsHowToReachItOnceItIsInstalled() throws IOException {
        assertThat(notes(EVERYTHING))
                .contains("helm test test --namespace jobs", "SLIPWAY_URL=https://slipway.example", "Bearer $TOKEN")
                .contains("secret slipway-tokens")
                .doesNotContain("port-forward", "No AWS region", "No IAM role");
        assertThat(notes(SINGLE.replace("aws: { region: eu-central-1 }\n", "")))
                .contains("port-forward service/test-slipway 8080:80", "whoever reaches the service may run code")
                .contains("No AWS region is named", "No IAM role is named")
                .doesNotContain("Bearer");
    }

    @Test
    void refusesAValueThatIsMisspelledOrOfTheWrongKind() {
        for (String wrong : List.of(
                "replica: 3\n",
                "replicas: many\n",
                "replicas: 0\n",
                "service: { port: 80, typ: ClusterIP }\n",
                "logging: { format: xml }\n",
                "extraVolumeMounts: [ { name: ca } ]\n",
                "networkPolicy: { enabled: 1 }\n")) {
            assertThatThrownBy(() -> render(LEAST + wrong)).as(wrong).hasMessageContaining("schema");
        }
        assertThatThrownBy(() -> render(LEAST.replace("jdbc:postgresql", "jdbc:mysql")))
                .hasMessageContaining("url");
    }

    @Test
    void describesEveryValueInTheSchemaAndInTheReadme() throws IOException {
        Map<String, Object> values = new Yaml().load(Files.readString(CHART.resolve("values.yaml")));
        JsonNode schema = JsonMapper.shared().readTree(Files.readString(CHART.resolve("values.schema.json")));
        String table = Files.readString(CHART.resolve("README.md"));
        assertThat(leaves("", values)).hasSizeGreaterThan(40).allSatisfy(value -> {
            JsonNode here = schema;
            for (String step : value.split("\\.")) {
                here = here.path("properties").path(step);
            }
            assertThat(here.path("description").asString(""))
                    .as("schema of " + value)
                    .isNotBlank();
            assertThat(table).contains("`" + value + "`");
        });
        Set<String> known = leaves("", values);
        assertThat(Pattern.compile("`([a-z][A-Za-z0-9.]+)`(?=[^|]*\\|[^|]*\\|[^|]*\\|$)", Pattern.MULTILINE)
                        .matcher(table.substring(table.indexOf("| value |")))
                        .results()
                        .map(match -> match.group(1)))
                .isNotEmpty()
                .allMatch(name -> known.stream().anyMatch(value -> value.equals(name) || value.startsWith(name + ".")));
    }

    @Test
    void asksForTheMetricsTokenInsteadOfOpeningThem() throws IOException {
        Map<String, Map<String, Object>> all = render(
                LEAST + "serviceMonitor: { enabled: true, authorization: { credentials: { name: s, key: token } } }\n");
        assertThat(env(all)).doesNotContainKey("SLIPWAY_SECURITY_OPENMETRICS");
        assertThat(text(all, "ServiceMonitor")).contains("key=token");
    }

    @Test
    void keepsTheRootReadOnlyAndGivesPlacesToWrite() throws IOException {
        Map<String, Map<String, Object>> all = render(LEAST);
        Map<String, Object> container = container(all);
        assertThat(container.get("securityContext").toString())
                .contains("readOnlyRootFilesystem=true", "allowPrivilegeEscalation=false", "drop=[ALL]");
        assertThat(container.get("volumeMounts").toString()).contains("/var/lib/slipway", "/tmp");
        assertThat(text(all, "Deployment")).contains("runAsNonRoot=true", "emptyDir");
        assertThat(text(all, "Deployment")).contains("automountServiceAccountToken=false");
        assertThat(text(all, "ServiceAccount")).contains("automountServiceAccountToken=false");
        assertThat(container.get("readinessProbe").toString()).contains("/actuator/health/readiness");
        assertThat(container.get("livenessProbe").toString()).contains("/actuator/health/liveness");
    }

    @Test
    void namesOnlySettingsThatTheApplicationHas() throws IOException {
        Settings settings = new Settings();
        for (String values : List.of(LEAST, EVERYTHING, SINGLE)) {
            Map<String, Map<String, Object>> all = render(values);
            assertThat(env(all).keySet())
                    .filteredOn(name -> !name.startsWith("AWS_") && !name.startsWith("JDK_"))
                    .allMatch(settings::knowsVariable);
            String config = at(all, "ConfigMap", "data", "application.yml").toString();
            assertThat(Settings.flat("", new Yaml().load(config))).isNotEmpty().allMatch(settings::knows);
        }
        assertThat(settings.knowsVariable("SLIPWAY_SECURITY_OPEN")).isFalse();
        assertThat(settings.knows("slipway.artifacts.s3.buckets")).isFalse();
    }

    @Test
    void namesTheValueThatIsMissing() {
        assertThatThrownBy(() -> render(LEAST.replaceAll("artifacts:.*", "")))
                .hasMessageContaining("config.artifacts.s3.bucket");
        assertThatThrownBy(() -> render(LEAST.replaceAll(" clusters:.*", ""))).hasMessageContaining("config.clusters");
        assertThatThrownBy(() -> render(LEAST.replaceAll("database:.*", ""))).hasMessageContaining("database.url");
        assertThatThrownBy(() -> render(LEAST + "ingress: { enabled: true }\n")).hasMessageContaining("ingress.host");
    }

    private Map<String, Map<String, Object>> render(String values) throws IOException {
        return render(CHART, values);
    }

    private Path file(String values) throws IOException {
        return Files.writeString(Files.createTempFile(folder, "values", ".yaml"), values);
    }

    private Map<String, Map<String, Object>> render(Path chart, String values) throws IOException {
        String rendered = new Helm(chart)
                .template()
                .withName("test")
                .withNamespace("jobs")
                .withValuesFile(file(values))
                .call();
        Map<String, Map<String, Object>> byKind = new HashMap<>();
        for (Object document : new Yaml().loadAll(rendered)) {
            if (document instanceof Map<?, ?> resource) {
                @SuppressWarnings("unchecked")
                Map<String, Object> typed = (Map<String, Object>) resource;
                assertThat(byKind.put(String.valueOf(typed.get("kind")), typed)).isNull();
            }
        }
        return byKind;
    }

    /** What helm prints after an installation. */
    private String notes(String values) throws IOException {
        String output = new Helm(CHART)
                .install()
                .clientOnly()
                .withName("test")
                .withNamespace("jobs")
                .withValuesFile(file(values))
                .debug()
                .call()
                .getOutput();
        return output.substring(output.indexOf("NOTES:"));
    }

    /** The pod of {@code helm test} too. Helm's library leaves hooks out of what it renders, so a copy of the chart has a pod that is none. */
    private Map<String, Map<String, Object>> renderWithTest(String values) throws IOException {
        Path copy = folder.resolve("slipway");
        FileSystemUtils.copyRecursively(CHART, copy);
        Path pod = copy.resolve("templates/tests/readiness.yaml");
        String hook = "helm.sh/hook: test\n";
        assertThat(pod).content().contains(hook);
        Files.writeString(pod, Files.readString(pod).replace(hook, "was: hook\n"));
        return render(copy, values);
    }

    /** The values that have none below them; `resources` counts as one, for what it holds is Kubernetes' own. */
    private static Set<String> leaves(String prefix, Map<String, Object> tree) {
        Set<String> leaves = new TreeSet<>();
        tree.forEach((key, value) -> {
            if (value instanceof Map<?, ?> deeper && !deeper.isEmpty() && !key.equals("resources")) {
                @SuppressWarnings("unchecked")
                Map<String, Object> typed = (Map<String, Object>) deeper;
                leaves.addAll(leaves(prefix + key + ".", typed));
            } else {
                leaves.add(prefix + key);
            }
        });
        return leaves;
    }

    private static Map<String, Object> pod(Map<String, Map<String, Object>> all) {
        @SuppressWarnings("unchecked")
        Map<String, Object> pod = (Map<String, Object>) at(all, "Deployment", "spec", "template", "spec");
        return pod;
    }

    private static Map<String, Object> container(Map<String, Map<String, Object>> all) {
        @SuppressWarnings("unchecked")
        List<Map<String, Object>> containers =
                (List<Map<String, Object>>) at(all, "Deployment", "spec", "template", "spec", "containers");
        return containers.get(0);
    }

    private static Map<String, Object> env(Map<String, Map<String, Object>> all) {
        Map<String, Object> env = new HashMap<>();
        for (Object one : new ArrayList<>((List<?>) container(all).get("env"))) {
            Map<?, ?> variable = (Map<?, ?>) one;
            env.put(variable.get("name").toString(), variable.containsKey("value") ? variable.get("value") : "");
        }
        return env;
    }

    private static Object at(Map<String, Map<String, Object>> all, String kind, String... path) {
        Object here = all.get(kind);
        for (String step : path) {
            here = ((Map<?, ?>) here).get(step);
        }
        return here;
    }

    private static String text(Map<String, Map<String, Object>> all, String kind) {
        return all.get(kind).toString();
    }
}
