package io.slipway.project.archive;

import io.slipway.project.Printable;
import io.slipway.project.archive.LeftOut.Reason;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Collects what is left out of one upload. A folder is listed once, with the number of its files; a long list ends with the rest's number. */
final class LeftOutList {

    static final int MOST = 1_000;

    private final Map<String, Reason> reasons = new TreeMap<>();
    private final Map<String, Integer> files = new HashMap<>();
    private int more;

    void add(String path, Reason reason, boolean file) {
        if (reasons.size() < MOST || reasons.containsKey(path)) {
            reasons.putIfAbsent(path, reason);
            files.merge(path, file ? 1 : 0, Integer::sum);
        } else if (file) {
            more++;
        }
    }

    boolean has(Reason reason) {
        return reasons.containsValue(reason);
    }

    /** @param prefix of the project's root in the archive, which is taken off where it is there */
    List<LeftOut> sorted(String prefix) {
        List<LeftOut> list = new ArrayList<>();
        reasons.forEach((path, reason) -> {
            String shown = path.startsWith(prefix) ? path.substring(prefix.length()) : path;
            list.add(new LeftOut(Printable.of(shown), reason, files.getOrDefault(path, 0)));
        });
        if (more > 0) {
            list.add(new LeftOut("…", Reason.MORE, more));
        }
        return List.copyOf(list);
    }
}
