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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.Yaml;

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
            nodeSelector: { disk: fast }
            tolerations: [ { key: k, operator: Exists } ]
            affinity: { nodeAffinity: {} }
            env: [ { name: JDK_JAVA_OPTIONS, value: "-Xmx512m" } ]
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
        Path file = Files.createTempFile(folder, "values", ".yaml");
        Files.writeString(file, values);
        String rendered = new Helm(CHART)
                .template()
                .withName("test")
                .withNamespace("jobs")
                .withValuesFile(file)
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
