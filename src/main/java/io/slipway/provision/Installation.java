package io.slipway.provision;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** Who this is, in the names and tags of the clusters that are made: several installations may share an account. It is kept in the database. */
@Component
public class Installation {

    private static final int BYTES = 4;

    private final JdbcTemplate jdbc;
    private volatile @Nullable String id;

    Installation(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    /** Eight hex digits. */
    public String id() {
        String known = id;
        if (known == null) {
            known = read().stream().findFirst().orElseGet(this::make);
            id = known;
        }
        return known;
    }

    private List<String> read() {
        return jdbc.queryForList("select id from installation", String.class);
    }

    private String make() {
        byte[] bytes = new byte[BYTES];
        new SecureRandom().nextBytes(bytes);
        try {
            jdbc.update(
                    "insert into installation (one, id) values (1, ?)",
                    HexFormat.of().formatHex(bytes));
        } catch (DuplicateKeyException another) {
            // Another replica was first: its id is everybody's.
        }
        return read().get(0);
    }
}
