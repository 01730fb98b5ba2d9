package io.slipway;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import javax.sql.DataSource;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.springframework.context.ApplicationContext;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.test.context.junit.jupiter.SpringExtension;

/** Empties the tables of a database that several test classes share, before each of them. What the migrations wrote themselves stays. */
final class EmptyTables implements BeforeAllCallback {

    /** The tables that were empty when the schema had just been made. */
    private static final Map<ApplicationContext, List<String>> EMPTY_AT_FIRST = new WeakHashMap<>();

    @Override
    public void beforeAll(ExtensionContext test) {
        if (!AnnotatedElementUtils.hasAnnotation(test.getRequiredTestClass(), PersistenceTest.class)) {
            // It only holds such tests.
            return;
        }
        ApplicationContext context = SpringExtension.getApplicationContext(test);
        JdbcTemplate jdbc = new JdbcTemplate(context.getBean(DataSource.class));
        synchronized (EMPTY_AT_FIRST) {
            List<String> tables = EMPTY_AT_FIRST.get(context);
            if (tables == null) {
                EMPTY_AT_FIRST.put(context, emptyTables(jdbc));
            } else {
                Databases.empty(jdbc, tables);
            }
        }
    }

    private static List<String> emptyTables(JdbcTemplate jdbc) {
        List<String> tables = new ArrayList<>(jdbc.queryForList(
                "select table_name from information_schema.tables where lower(table_schema) = 'public' and table_type = 'BASE TABLE'",
                String.class));
        tables.removeIf(table -> jdbc.queryForObject("select count(*) from \"" + table + "\"", Long.class) > 0);
        return tables;
    }
}
