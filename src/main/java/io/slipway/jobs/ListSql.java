package io.slipway.jobs;

import com.github.f4b6a3.ulid.Ulid;
import io.slipway.jobs.JobFilter.Created;
import io.slipway.jobs.JobOrder.Behind;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The question for one page of a list, written so that H2 and PostgreSQL read little for it: it finds ids and versions alone, and is
 * entered by the index that leads to the fewest jobs.
 */
final class ListSql {

    /** An id is made just before the job is: what was created in a time has an id of a little more. */
    private static final Duration ID_BEFORE_JOB = Duration.ofMinutes(10);

    /** Of the 48 bits that an id has for the time. */
    private static final long LAST_SECOND = (1L << 48) / 1000 - 1;

    private final int few;
    private final JobListing listing;
    private final JobFilter filter;
    private final List<String> conditions = new ArrayList<>();
    private final List<Object> values = new ArrayList<>();

    /** @param few of how many jobs a label is rare */
    ListSql(JobListing listing, int few) {
        this.few = few;
        this.listing = listing;
        this.filter = listing.filter();
    }

    /** A job of the list, as far as the indexes know it. */
    record Found(String id, long version) {}

    /**
     * Once.
     *
     * @param last the job that the page before ended with, where the order is not that of the ids
     * @param limit at most so many
     */
    List<Found> find(PlannedAnew database, @Nullable Job last, int limit) {
        if (last == null || listing.order().isById()) {
            return find(database, limit);
        }
        List<Found> found = new ArrayList<>();
        for (Behind behind : Behind.values()) {
            if (found.size() < limit) {
                conditions.clear();
                values.clear();
                listing.order().conditions(last, behind, this::add);
                found.addAll(find(database, limit - found.size()));
            }
        }
        return found;
    }

    private List<Found> find(PlannedAnew database, int limit) {
        Iterator<Map.Entry<String, String>> labels = filter.labels().entrySet().iterator();
        boolean entersByLabel = labels.hasNext() && listing.order().isById() && !isOfFewStates();
        String sql;
        if (!entersByLabel) {
            conditionsOfJob();
            labels.forEachRemaining(label -> hasLabel("j.id", label));
            sql = "select j.id, j.version from job j" + where() + " order by " + columns();
        } else {
            Map.Entry<String, String> label = labels.next();
            if (isRare(database, label)) {
                String ofLabel = ofLabel(label);
                conditions.clear();
                conditionsOfJob();
                labels.forEachRemaining(other -> hasLabel("j.id", other));
                sql = "select j.id, j.version from (select l.job_id from job_label l" + ofLabel
                        + " order by l.job_id desc limit " + few + ") l join job j on j.id = l.job_id" + where()
                        + " order by " + directed("j.id");
            } else {
                sql = common(label, labels, limit);
            }
        }
        return database.query(
                sql + " limit " + limit, values, (row, number) -> new Found(row.getString(1), row.getLong(2)));
    }

    /** Along the label's jobs in their order, until a page is full. */
    private String common(Map.Entry<String, String> label, Iterator<Map.Entry<String, String>> others, int limit) {
        conditionsBesidesOwner();
        String ofJob = String.join(" and ", conditions);
        List<Object> ofJobValues = List.copyOf(values);
        conditions.clear();
        values.clear();
        ofLabel(label);
        range("l.job_id");
        if (!ofJob.isEmpty()) {
            conditions.add("exists (select 1 from job j where j.id = l.job_id and " + ofJob + ")");
            values.addAll(ofJobValues);
        }
        others.forEachRemaining(other -> hasLabel("l.job_id", other));
        List<String> order = new ArrayList<>(List.of("l.label_key", "l.label_value"));
        // The index that leads to the fewest, in its own order.
        if (filter.owner() != null) {
            order.add("l.owner");
        } else if (filter.cluster() != null) {
            order.add("l.cluster");
        }
        order.add("l.job_id");
        return "select p.job_id, v.version from (select l.job_id from job_label l" + where() + " order by "
                + directed(order.toArray(String[]::new)) + " limit " + limit
                + ") p join job v on v.id = p.job_id order by " + directed("p.job_id");
    }

    /** Adds the conditions that a label's own rows can answer; returns whether there were any. */
    private String ofLabel(Map.Entry<String, String> label) {
        add("l.label_key = ?", label.getKey());
        add("l.label_value = ?", label.getValue());
        ownerAndCluster("l");
        return where();
    }

    private boolean isRare(PlannedAnew database, Map.Entry<String, String> label) {
        String few =
                "select count(*) from (select 1 from job_label l" + ofLabel(label) + " limit " + this.few + ") few";
        boolean isRare = database.query(few, List.copyOf(values), (row, number) -> row.getInt(1))
                        .get(0)
                < this.few;
        conditions.clear();
        values.clear();
        return isRare;
    }

    /** Of jobs that have not ended there are few, and an index leads to them. */
    private boolean isOfFewStates() {
        return !filter.states().isEmpty() && JobState.notEnded().containsAll(filter.states());
    }

    private void ownerAndCluster(String row) {
        if (filter.owner() != null) {
            add(row + ".owner = ?", filter.owner());
        }
        if (filter.cluster() != null) {
            add(row + ".cluster = ?", filter.cluster());
        }
    }

    private void conditionsOfJob() {
        ownerAndCluster("j");
        conditionsBesidesOwner();
    }

    /** And besides the cluster. */
    private void conditionsBesidesOwner() {
        if (!filter.states().isEmpty()) {
            conditions.add("j.state in ("
                    + filter.states().stream().map(state -> "?").collect(Collectors.joining(", ")) + ")");
            filter.states().forEach(state -> values.add(state.name()));
        }
        if (filter.name() != null) {
            add("lower(j.name) like ? escape '\\'", "%" + escaped(filter.name()) + "%");
        }
        Created created = filter.created();
        if (created.from() != null) {
            add("j.created_at >= ?", created.from().atOffset(ZoneOffset.UTC));
        }
        if (created.to() != null) {
            add("j.created_at < ?", created.to().atOffset(ZoneOffset.UTC));
        }
        range("j.id");
        listing.order().conditions(this::add);
    }

    /** Of ids: what lies behind the page before, begins as it should, or was made in the time that is asked for. */
    private void range(String id) {
        if (filter.before() != null) {
            add(id + " < ?", filter.before());
        }
        if (listing.after() != null && listing.order().isById()) {
            add(id + (listing.order().isDescending() ? " < ?" : " > ?"), listing.after());
        }
        if (listing.idPrefix() != null) {
            // No character of an id lies behind Z.
            add(id + " between ? and ?", listing.idPrefix(), listing.idPrefix() + "Z".repeat(26));
        }
        Instant from = filter.created().from();
        if (from != null) {
            add(id + " >= ?", idAt(from.minus(ID_BEFORE_JOB)));
        }
        Instant to = filter.created().to();
        if (to != null) {
            add(id + " < ?", idAt(to.plusSeconds(1)));
        }
    }

    /** Ids sort by time: a span of time is a span of every index that ends with the id. */
    private static String idAt(Instant time) {
        return Ulid.min(1000 * Math.max(0, Math.min(time.getEpochSecond(), LAST_SECOND)))
                .toString();
    }

    private void hasLabel(String id, Map.Entry<String, String> label) {
        add(
                "exists (select 1 from job_label m where m.job_id = " + id
                        + " and m.label_key = ? and m.label_value = ?)",
                label.getKey(),
                label.getValue());
    }

    private void add(String condition, Object... given) {
        conditions.add(condition);
        Collections.addAll(values, given);
    }

    private String where() {
        return conditions.isEmpty() ? "" : " where " + String.join(" and ", conditions);
    }

    /** What is the same for all of them leads: H2 reads an index in its own order only. */
    private String columns() {
        List<String> columns = new ArrayList<>();
        if (filter.owner() != null) {
            columns.add("j.owner");
        }
        if (filter.states().size() == 1 && listing.order().isById()) {
            columns.add("j.state");
        } else if (filter.owner() != null
                && filter.cluster() != null
                && listing.order().isById()) {
            columns.add("j.cluster");
        }
        listing.order().columns().forEach(column -> columns.add("j." + column));
        columns.add("j.id");
        return directed(columns.toArray(String[]::new));
    }

    private String directed(String... columns) {
        String direction = listing.order().isDescending() ? " desc" : "";
        return String.join(
                ", ", Arrays.stream(columns).map(column -> column + direction).toList());
    }

    private static String escaped(String text) {
        return text.toLowerCase(Locale.ROOT)
                .replace("\\", "\\\\")
                .replace("%", "\\%")
                .replace("_", "\\_");
    }
}
