package io.slipway.environments;

import io.slipway.project.requirements.Requirements;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What {@code environment.py} reads as its order, but for what the machine itself knows best. No secret is in it. */
public final class BuildJson {

    private BuildJson() {}

    /**
     * @param pack whether the environment travels
     * @param sdists whether source distributions may be built
     */
    public static Map<String, @Nullable Object> of(
            Requirements requirements, boolean pack, boolean sdists, EnvironmentsSettings settings) {
        Map<String, @Nullable Object> order = new LinkedHashMap<>();
        order.put("lines", lines(requirements));
        order.put("constraints", requirements.constraints());
        order.put("noDeps", requirements.locked());
        order.put("requireHashes", requirements.needsHashes());
        order.put("sdists", sdists);
        order.put("indexUrl", settings.indexUrl());
        order.put("extraIndexUrls", requirements.isHashed() ? settings.extraIndexUrls() : List.of());
        order.put("seconds", settings.timeout().toSeconds());
        order.put("timeout", Math.max(1, settings.networkTimeout().toSeconds()));
        order.put("maxUnpacked", settings.maxUnpacked().toBytes());
        order.put("maxPacked", settings.maxPacked().toBytes());
        order.put("pack", pack);
        return order;
    }

    /** Where one has a hash pip wants one of all; a wheel of the project is known by its own. */
    private static List<String> lines(Requirements requirements) {
        List<String> lines = new ArrayList<>();
        for (String line : requirements.lines()) {
            boolean bare = requirements.needsHashes() && line.startsWith("./wheels/") && !line.contains(" --hash=");
            lines.add(bare ? line + " --hash=sha256:" + line.split("/")[2] : line);
        }
        return lines;
    }
}
