package io.slipway.environments;

import io.slipway.project.requirements.Requirements;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** What {@code environment.py} reads as {@code order.json}. No secret is in it. */
public final class BuildJson {

    private BuildJson() {}

    /**
     * @param spark where Spark lies whose Python packages are not installed a second time; {@code null} for none
     * @param pack whether the environment travels
     */
    public static String of(
            Requirements requirements,
            BuildSite site,
            @Nullable String spark,
            boolean pack,
            EnvironmentsSettings settings) {
        Map<String, @Nullable Object> order = new LinkedHashMap<>();
        order.put("python", site.python());
        order.put("version", site.version());
        order.put("spark", spark);
        order.put("lines", lines(requirements));
        order.put("constraints", requirements.constraints());
        order.put("noDeps", requirements.locked());
        order.put("requireHashes", requirements.needsHashes());
        order.put("sdists", settings.allowSdists());
        order.put("indexUrl", settings.indexUrl());
        order.put("extraIndexUrls", requirements.isHashed() ? settings.extraIndexUrls() : List.of());
        order.put("seconds", settings.timeout().toSeconds());
        order.put("timeout", Math.max(1, settings.networkTimeout().toSeconds()));
        order.put("maxUnpacked", settings.maxUnpacked().toBytes());
        order.put("maxPacked", settings.maxPacked().toBytes());
        order.put("pack", pack);
        return JsonMapper.shared().writeValueAsString(order);
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
