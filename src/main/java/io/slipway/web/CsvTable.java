package io.slipway.web;

import java.util.ArrayList;
import java.util.List;

/**
 * The beginning of a file of comma-separated values, as a table.
 *
 * @param cut whether the file goes on
 */
record CsvTable(List<String> head, List<List<String>> rows, boolean cut) {

    private static final int MOST_ROWS = 500;
    private static final int MOST_COLUMNS = 50;

    /** @param isWhole whether the text is all of the file */
    static CsvTable of(String text, boolean isWhole) {
        Reading reading = new Reading(separator(text));
        text.chars().forEach(character -> reading.take((char) character));
        reading.endLine();
        List<List<String>> lines = reading.lines;
        List<String> head = lines.isEmpty() ? List.of() : lines.get(0);
        List<List<String>> rows = lines.isEmpty() ? lines : lines.subList(1, lines.size());
        return new CsvTable(head, List.copyOf(rows), !isWhole || reading.more);
    }

    /** What stands in the first line: spreadsheets of many countries write semicolons. */
    private static char separator(String text) {
        String first = text.lines().findFirst().orElse("");
        if (first.indexOf('\t') >= 0) {
            return '\t';
        }
        return first.indexOf(',') < 0 && first.indexOf(';') >= 0 ? ';' : ',';
    }

    /** RFC 4180, one character after the other. */
    private static final class Reading {

        private final char separator;
        private final List<List<String>> lines = new ArrayList<>();
        private final StringBuilder cell = new StringBuilder();
        private List<String> line = new ArrayList<>();
        private boolean isQuoted;
        private boolean wasQuoted;
        private boolean more;

        Reading(char separator) {
            this.separator = separator;
        }

        void take(char next) {
            if (next == '"') {
                // Two of them within quotes are one: the first closes, the second opens again.
                if (wasQuoted) {
                    cell.append(next);
                }
                wasQuoted = isQuoted;
                isQuoted = !isQuoted;
                return;
            }
            wasQuoted = false;
            if (isQuoted || (next != separator && next != '\n' && next != '\r')) {
                cell.append(next);
            } else if (next == separator) {
                endCell();
            } else if (next == '\n') {
                endLine();
            }
        }

        private void endCell() {
            if (line.size() < MOST_COLUMNS) {
                line.add(cell.toString());
            }
            cell.setLength(0);
        }

        void endLine() {
            boolean isEmpty = line.isEmpty() && cell.isEmpty();
            endCell();
            if (!isEmpty && lines.size() <= MOST_ROWS) {
                lines.add(List.copyOf(line));
            } else if (!isEmpty) {
                more = true;
            }
            line = new ArrayList<>();
        }
    }
}
