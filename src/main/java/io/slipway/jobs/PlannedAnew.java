package io.slipway.jobs;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import org.postgresql.PGStatement;
import org.springframework.jdbc.core.ArgumentPreparedStatementSetter;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.RowMapperResultSetExtractor;

/**
 * A question whose best way depends on the values in it: one state has half of all jobs, another a few. PostgreSQL would forget the values
 * after the fifth time and go one way for all, which may read the whole table for the rare ones.
 */
record PlannedAnew(JdbcTemplate database) {

    <T> List<T> query(String sql, List<Object> values, RowMapper<T> row) {
        return Objects.requireNonNull(database.query(
                connection -> prepared(connection, sql),
                new ArgumentPreparedStatementSetter(values.toArray()),
                new RowMapperResultSetExtractor<>(row)));
    }

    private static PreparedStatement prepared(Connection connection, String sql) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        if (statement.isWrapperFor(PGStatement.class)) {
            // Never kept by the server as a prepared statement, whose plan would be a general one.
            statement.unwrap(PGStatement.class).setPrepareThreshold(0);
        }
        return statement;
    }
}
