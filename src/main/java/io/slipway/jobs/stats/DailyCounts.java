package io.slipway.jobs.stats;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.springframework.jdbc.core.JdbcTemplate;

/** What one batch of ended jobs adds to the daily numbers, row by row. */
final class DailyCounts {

    private final Table ends = new Table("daily_end", "owner", "on_day", "state", "reason_code");
    private final Table times = new Table("daily_time", "owner", "on_day", "measure", "bucket");

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

    /** Rows of one table by their keys, in the keys' order: two writers then wait for each other, and never both. */
    private static final class Table {

        private final String name;
        private final List<String> columns;
        private final Map<String, Row> rows = new TreeMap<>();

        Table(String name, String... columns) {
            this.name = name;
            this.columns = List.of(columns);
        }

        void add(Object... key) {
            rows.computeIfAbsent(Arrays.toString(key), text -> new Row(key)).jobs++;
        }

        void addTo(JdbcTemplate database) {
            List<Object[]> values = rows.values().stream().map(Row::values).toList();
            int[] known = database.batchUpdate(
                    "update " + name + " set jobs = jobs + ? where " + String.join(" = ? and ", columns) + " = ?",
                    values);
            List<Object[]> unknown = new ArrayList<>();
            for (int at = 0; at < known.length; at++) {
                if (known[at] == 0) {
                    unknown.add(values.get(at));
                }
            }
            database.batchUpdate(
                    "insert into " + name + " (jobs, " + String.join(", ", columns) + ") values (?"
                            + ", ?".repeat(columns.size()) + ")",
                    unknown);
        }
    }

    private static final class Row {

        private final Object[] key;
        private long jobs;

        Row(Object[] key) {
            this.key = key;
        }

        Object[] values() {
            return Stream.concat(Stream.of(jobs), Arrays.stream(key)).toArray();
        }
    }
}
