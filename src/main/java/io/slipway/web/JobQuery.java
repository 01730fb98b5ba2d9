package io.slipway.web;

import io.slipway.access.Caller;
import io.slipway.jobs.JobFilter;
import io.slipway.jobs.JobListing;
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
 * @param text a part of the name, or how the id begins
 * @param since {@code 1h}, {@code 24h}, {@code 7d}, {@code 30d}, or nothing for all time
 */
record JobQuery(States states, String text, String label, String owner, String cluster, String since, Paging paging) {

    private static final Map<String, Duration> TIMES = new LinkedHashMap<>();

    static {
        TIMES.put("1h", Duration.ofHours(1));
        TIMES.put("24h", Duration.ofHours(24));
        TIMES.put("7d", Duration.ofDays(7));
        TIMES.put("30d", Duration.ofDays(30));
    }

    /**
     * The states that are wanted.
     *
     * @param active whether those of jobs that have not ended are wanted together, by one name
     */
    record States(Set<JobState> chosen, boolean active) {

        private static final String ACTIVE = "active";

        Set<JobState> all() {
            Set<JobState> all = EnumSet.noneOf(JobState.class);
            all.addAll(chosen);
            if (active) {
                all.addAll(JobState.notEnded());
            }
            return all;
        }

        static States of(@Nullable List<String> given) {
            Set<JobState> states = EnumSet.noneOf(JobState.class);
            List<String> names = given == null
                    ? List.of()
                    : given.stream()
                            .flatMap(name -> Stream.of(name.split(",")))
                            .map(String::strip)
                            .toList();
            for (JobState state : JobState.values()) {
                if (names.stream().anyMatch(name -> state.name().equalsIgnoreCase(name))) {
                    states.add(state);
                }
            }
            return new States(states, names.stream().anyMatch(ACTIVE::equalsIgnoreCase));
        }
    }

    static JobQuery of(MultiValueMap<String, String> given) {
        return new JobQuery(
                States.of(given.get("state")),
                // As the API calls it: who opens its address in a browser comes here with it.
                given.containsKey("text") ? first(given, "text") : first(given, "name"),
                first(given, "label"),
                first(given, "owner"),
                first(given, "cluster"),
                TIMES.containsKey(first(given, "since")) ? first(given, "since") : "",
                Paging.of(first(given, "sort"), first(given, "size"), given.getFirst("before")));
    }

    /** @param asId whether the text is how an id begins, not a part of a name */
    JobListing listing(Caller caller, Instant now, boolean asId) {
        JobFilter filter = new JobFilter(
                caller.listed(owner.isEmpty() ? null : owner),
                cluster.isEmpty() ? null : cluster,
                states.all(),
                labels(),
                text.isEmpty() || asId ? null : text,
                new JobFilter.Created(from(now), null),
                null);
        return new JobListing(filter, asId ? text : null, paging.sort().order(), paging.before());
    }

    /** Since when; {@code null} for all time. */
    @Nullable
    Instant from(Instant now) {
        Duration age = TIMES.get(since);
        return age == null ? null : now.minus(age);
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
        return !states.chosen().isEmpty()
                || states.active()
                || Stream.of(text, label, owner, cluster, since).anyMatch(given -> !given.isEmpty());
    }

    /** Whether the jobs of each state can be counted fast: by owner and time alone. */
    boolean isCountable() {
        return Stream.of(text, label, cluster).allMatch(String::isEmpty);
    }

    public boolean has(JobState state) {
        return states.chosen().contains(state);
    }

    public boolean isFirstPage() {
        return paging.before() == null;
    }

    /** The address of the same filters from another position on. */
    String address(@Nullable String from) {
        return address(paging.sort(), from);
    }

    /** The address of the same jobs in the order that a column's head asks for: the other way round when it has it already. */
    public String sortedBy(Sorting wanted) {
        return address(paging.sort() == wanted ? wanted.reversed() : wanted, null);
    }

    private String address(Sorting sort, @Nullable String from) {
        UriComponentsBuilder address = UriComponentsBuilder.fromPath("/ui/jobs");
        if (states.active()) {
            address.queryParam("state", States.ACTIVE);
        }
        states.chosen().forEach(state -> address.queryParam("state", state));
        put(address, "text", text);
        put(address, "label", label);
        put(address, "owner", owner);
        put(address, "cluster", cluster);
        put(address, "since", since);
        put(address, "sort", sort == Sorting.NEWEST ? "" : sort.word());
        put(address, "size", paging.size() == Paging.USUAL ? "" : Integer.toString(paging.size()));
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
}
