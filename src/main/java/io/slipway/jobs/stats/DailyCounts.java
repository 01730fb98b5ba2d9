package io.slipway.jobs.stats;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.jdbc.core.JdbcTemplate;

/** What one batch of ended jobs adds to the daily numbers. */
final class DailyCounts {

    private final Table ends = new Table(
            "daily_end",
            new Column("owner", "varchar(100)"),
            new Column("on_day", "date"),
            new Column("state", "varchar(20)"),
            new Column("reason_code", "varchar(40)"));
    private final Table times = new Table(
            "daily_time",
            new Column("owner", "varchar(100)"),
            new Column("on_day", "date"),
            new Column("measure", "varchar(10)"),
            new Column("bucket", "int"));

    void ended(String owner, LocalDate day, String state, String reason) {
        ends.add(owner, day, state, reason);
    }

    void took(String owner, LocalDate day, Measure measure, int bucket) {
        times.add(owner, day, measure.name(), bucket);
    }

    void addTo(JdbcTemplate database) {
        ends.addTo(database);
        times.addTo(database);
    }

    /** A column of a table's key. Its type is said with each value, since a database cannot tell a parameter's own. */
    private record Column(String name, String type) {}

    /** Rows of one table by their keys. */
    private static final class Table {

        /** In one statement; PostgreSQL takes 65,535 parameters. */
        private static final int ROWS = 1000;

        private final String name;
        private final List<Column> key;
        private final Map<String, Row> rows = new TreeMap<>();

        Table(String name, Column... key) {
            this.name = name;
            this.key = List.of(key);
        }

        void add(Object... values) {
            rows.computeIfAbsent(Arrays.toString(values), text -> new Row(values)).jobs++;
        }

        void addTo(JdbcTemplate database) {
            List<Row> all = new ArrayList<>(rows.values());
            for (int from = 0; from < all.size(); from += ROWS) {
                List<Row> some = all.subList(from, Math.min(all.size(), from + ROWS));
                database.update(
                        merge(some.size()), some.stream().flatMap(Row::values).toArray());
            }
        }

        /** Many rows a statement: a row at a time, a million jobs of an old database would take half an hour. */
        private String merge(int count) {
            String row = "(" + each("cast(? as %2$s)", ", ") + ", cast(? as bigint))";
            return "merge into " + name + " t using (values "
                    + String.join(", ", Collections.nCopies(count, row))
                    + ") v (" + each("%s", ", ") + ", jobs) on "
                    + each("t.%1$s = v.%1$s", " and ")
                    + " when matched then update set jobs = t.jobs + v.jobs"
                    + " when not matched then insert (" + each("%s", ", ") + ", jobs) values ("
                    + each("v.%s", ", ") + ", v.jobs)";
        }

        private String each(String format, String between) {
            return key.stream()
                    .map(column -> format.formatted(column.name(), column.type()))
                    .collect(Collectors.joining(between));
        }
    }

    private static final class Row {

        private final Object[] key;
        private long jobs;

        Row(Object[] key) {
            this.key = key;
        }

        Stream<Object> values() {
            return Stream.concat(Arrays.stream(key), Stream.of(jobs));
        }
    }
}
