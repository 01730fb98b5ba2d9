package io.slipway.environments.emr;

import io.slipway.artifacts.ArtifactName;
import io.slipway.artifacts.ArtifactStore;
import io.slipway.compute.emr.client.EmrTargets.Target;
import io.slipway.environments.BuildJson;
import io.slipway.environments.BuildOrder;
import io.slipway.environments.BuildRef;
import io.slipway.environments.EnvironmentsSettings;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** What a build's step reads: our program, and a file that says what is wanted. What somebody sent is in the file alone. */
final class BuildOrders {

    /** EMR 6.4 and later look at it when they wonder whether a cluster is idle. */
    static final String BUSY = "/emr/metricscollector/isbusy";

    private static final String PROGRAM = "slipway_environment.zip";

    /** How often the log is put where it can be read, in seconds. */
    private static final double TELL_EVERY = 4;

    /** What no shell has a meaning for. */
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9:/._=+@-]+");

    private final ArtifactStore store;
    private final EnvironmentsSettings settings;
    private final EmrEnvironmentsSettings login;
    private final String busyFile;
    private final NodeArchive program = NodeArchive.load();

    BuildOrders(ArtifactStore store, EnvironmentsSettings settings, EmrEnvironmentsSettings login, String busyFile) {
        this.store = store;
        this.settings = settings;
        this.login = login;
        this.busyFile = busyFile;
    }

    /** Names this version of the program. */
    String version() {
        return program.version();
    }

    /** Below it the node writes all that it has to say; it ends with a slash. */
    URI folder(String intent) {
        return store.uri(ArtifactName.buildOrder(intent)).resolve("../builds/" + intent + "/");
    }

    /** Puts in place what {@link #arguments} name. */
    void stage(BuildOrder order, Target target) throws IOException {
        store.put(program.name(), program.content());
        store.put(
                ArtifactName.buildOrder(order.ref().intent()),
                JsonMapper.shared().writeValueAsBytes(json(order, target)));
    }

    private Map<String, @Nullable Object> json(BuildOrder order, Target target) {
        boolean sdists = settings.allowSdists() && target.onPrimaryNode();
        Map<String, @Nullable Object> json = BuildJson.of(order.requirements(), true, sdists, settings);
        json.put("to", folder(order.ref().intent()).toString());
        json.put("version", order.pythonVersion());
        json.put("clusterPython", target.python());
        json.put("project", store.uri(ArtifactName.project(order.projectId())).toString());
        json.put("wheels", order.requirements().wheels());
        json.put("credentials", settings.indexUrl() == null ? null : login.credentials());
        json.put("hosts", hosts());
        json.put("busyFile", busyFile);
        json.put("tellEvery", TELL_EVERY);
        return json;
    }

    private List<String> hosts() {
        return Stream.concat(Stream.ofNullable(settings.indexUrl()), settings.extraIndexUrls().stream())
                .map(url -> URI.create(url).getHost())
                .filter(Objects::nonNull)
                .distinct()
                .toList();
    }

    /** @param quotedAgain as command-runner needs it under a runtime role */
    List<String> arguments(BuildRef ref, boolean quotedAgain) {
        String command = "aws s3 cp --only-show-errors " + plain(store.uri(program.name())) + " " + PROGRAM
                + " && exec python3 " + PROGRAM + " " + plain(store.uri(ArtifactName.buildOrder(ref.intent())));
        return List.of("bash", "-c", quotedAgain ? "\"" + command + "\"" : command);
    }

    void remove(BuildRef ref) throws IOException {
        store.delete(ArtifactName.buildOrder(ref.intent()));
    }

    private static String plain(URI uri) {
        String text = uri.toString();
        if (!PLAIN.matcher(text).matches()) {
            throw new IllegalStateException(
                    "slipway.artifacts.s3.bucket and prefix must be of letters, digits and . _ = + @ - /: " + text);
        }
        return text;
    }
}
