package io.slipway.livy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Everything that a batch has Spark read besides its program, wherever it is named: S3 alone, and no patterns. */
final class BatchUris {

    private static final Set<String> LISTS = Set.of("jars", "pyFiles", "files", "archives");

    /** Settings whose value is a list of files, or of places where files are loaded from. */
    private static final Pattern FILES =
            Pattern.compile("spark\\.(?:jars|files|archives|submit\\.pyFiles|yarn\\.dist\\..*"
                    + "|yarn\\.jars?|yarn\\.archive|jars\\.(?:repositories|ivy|ivySettings)|kubernetes\\.file\\..*)");

    private static final Pattern S3 = Pattern.compile("s3[an]?://[^\\s,;'\"]*", Pattern.CASE_INSENSITIVE);

    /** Hadoop would look for all that match. */
    private static final Pattern GLOB = Pattern.compile("[*?\\[\\]{}]");

    private BatchUris() {}

    /** Each as {@code s3://bucket/key}. */
    static List<String> of(Map<String, Object> spec) {
        List<String> uris = new ArrayList<>();
        LISTS.stream().sorted().forEach(field -> listed(spec, field).forEach(item -> uris.add(only(field, item))));
        settings(spec).forEach((name, value) -> {
            if (FILES.matcher(name).matches()) {
                Stream.of(value.split(",", -1))
                        .map(String::strip)
                        .filter(item -> !item.isEmpty())
                        .forEach(item -> uris.add(only("conf." + name, item)));
            } else {
                Matcher named = S3.matcher(value);
                while (named.find()) {
                    uris.add(only("conf." + name, named.group()));
                }
            }
        });
        return uris;
    }

    private static List<String> listed(Map<String, Object> spec, String field) {
        return spec.get(field) instanceof List<?> items
                ? items.stream().map(String::valueOf).toList()
                : List.of();
    }

    private static Map<String, String> settings(Map<String, Object> spec) {
        Map<String, String> settings = new java.util.TreeMap<>();
        if (spec.get("sparkConf") instanceof Map<?, ?> conf) {
            conf.forEach((name, value) -> settings.put(String.valueOf(name), String.valueOf(value)));
        }
        return settings;
    }

    private static String only(String field, String item) {
        int alias = item.indexOf('#');
        String uri = alias < 0 ? item : item.substring(0, alias);
        if (!S3.matcher(uri).matches() || GLOB.matcher(uri).find()) {
            throw Rejected.because(field + " names '" + (uri.length() > 100 ? uri.substring(0, 100) + "…" : uri)
                    + "'. A batch whose file is in S3 reads s3://bucket/key alone, without patterns.");
        }
        return "s3://" + uri.substring(uri.indexOf("://") + 3);
    }
}
