package io.slipway.web;

import io.slipway.jobs.JobFilter;
import io.slipway.jobs.JobState;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.util.MultiValueMap;
import org.springframework.web.util.UriComponentsBuilder;

/**
 * What the list shows, as its address says. A value that cannot be is shown back with a word about it, and filters nothing.
 *
 * @param since {@code 1h}, {@code 24h}, {@code 7d}, {@code 30d}, or nothing for all time
 * @param before the id that the page before ended with
 */
record JobQuery(
        Set<JobState> states,
        String text,
        String label,
        String owner,
        String cluster,
        String since,
        @Nullable String before) {

    private static final Map<String, Duration> TIMES = new LinkedHashMap<>();

    static {
        TIMES.put("1h", Duration.ofHours(1));
        TIMES.put("24h", Duration.ofHours(24));
        TIMES.put("7d", Duration.ofDays(7));
        TIMES.put("30d", Duration.ofDays(30));
    }

    static JobQuery of(MultiValueMap<String, String> given) {
        return new JobQuery(
                states(given.get("state")),
                // As the API calls it: who opens its address in a browser comes here with it.
                given.containsKey("text") ? first(given, "text") : first(given, "name"),
                first(given, "label"),
                first(given, "owner"),
                first(given, "cluster"),
                TIMES.containsKey(first(given, "since")) ? first(given, "since") : "",
                given.getFirst("before"));
    }

    JobFilter filter(Visitor visitor, Instant now) {
        Duration age = TIMES.get(since);
        return new JobFilter(
                visitor.listed(owner.isEmpty() ? null : owner),
                cluster.isEmpty() ? null : cluster,
                states,
                labels(),
                text.isEmpty() ? null : text,
                age == null ? JobFilter.Created.ANY_TIME : new JobFilter.Created(now.minus(age), null),
                before);
    }

    private Map<String, String> labels() {
        int equals = label.indexOf('=');
        return equals < 1 ? Map.of() : Map.of(label.substring(0, equals), label.substring(equals + 1));
    }

    /** Whether the label filter cannot be understood. */
    public boolean isLabelUnclear() {
        return !label.isEmpty() && label.indexOf('=') < 1;
    }

    public boolean isFiltered() {
        return !states.isEmpty()
                || Stream.of(text, label, owner, cluster, since).anyMatch(given -> !given.isEmpty());
    }

    public boolean has(JobState state) {
        return states.contains(state);
    }

    public boolean isFirstPage() {
        return before == null;
    }

    /** The address of the same filters from another place on. */
    String address(@Nullable String from) {
        UriComponentsBuilder address = UriComponentsBuilder.fromPath("/ui/jobs");
        states.forEach(state -> address.queryParam("state", state));
        put(address, "text", text);
        put(address, "label", label);
        put(address, "owner", owner);
        put(address, "cluster", cluster);
        put(address, "since", since);
        put(address, "before", from == null ? "" : from);
        return address.encode().build().toUriString();
    }

    /**
     * The address of what may change the list.
     *
     * @param position where the page began; {@code null} for who does not follow it
     */
    public String events(@Nullable Long position) {
        UriComponentsBuilder address = UriComponentsBuilder.fromPath("/events");
        put(address, "after", position == null ? "" : position.toString());
        put(address, "owner", owner);
        put(address, "cluster", cluster);
        return address.encode().build().toUriString();
    }

    static Set<String> times() {
        return TIMES.keySet();
    }

    private static void put(UriComponentsBuilder address, String name, String value) {
        if (!value.isEmpty()) {
            address.queryParam(name, "{" + name + "}").uriVariables(Map.of(name, value));
        }
    }

    private static String first(MultiValueMap<String, String> given, String name) {
        String value = given.getFirst(name);
        return value == null ? "" : value.strip();
    }

    private static Set<JobState> states(@Nullable List<String> names) {
        Set<JobState> states = EnumSet.noneOf(JobState.class);
        for (JobState state : JobState.values()) {
            if (names != null
                    && names.stream()
                            .flatMap(name -> Stream.of(name.split(",")))
                            .anyMatch(name -> state.name().equalsIgnoreCase(name.strip()))) {
                states.add(state);
            }
        }
        return states;
    }
}
