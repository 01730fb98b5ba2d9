package io.slipway.access;

import java.security.SecureRandom;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Browsers that are logged in, in the database: any replica knows them, and an end is an end everywhere. A session is of the token that
 * it was begun with, and ends with it.
 */
@Component
class Sessions {

    /** What a browser sends as an id may be anything; nothing else is looked for. */
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{43}");

    /** A page with all its parts is one use, and one write. */
    private static final Duration COARSE = Duration.ofMinutes(5);

    private final JdbcClient database;
    private final Tokens tokens;
    private final SessionSettings settings;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();

    Sessions(JdbcClient database, SecuritySettings security, SessionSettings settings, Clock clock) {
        this.database = database;
        this.tokens = new Tokens(security);
        this.settings = settings;
        this.clock = clock;
    }

    private record Known(String hash, String owner, String tokenHash, Instant lastUsed) {}

    /** @return the id, which is kept by the browser alone */
    String begin(String owner) {
        byte[] bytes = new byte[32];
        random.nextBytes(bytes);
        String id = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        Instant now = clock.instant();
        database.sql(
                        "insert into web_session (id_hash, owner, token_hash, last_used_at, expires_at) values (?, ?, ?, ?, ?)")
                .params(
                        Tokens.hash(id),
                        owner,
                        tokens.fingerprint(owner).orElseThrow(),
                        Timestamp.from(now),
                        Timestamp.from(now.plus(settings.longest())))
                .update();
        endThoseBeyond(owner);
        return id;
    }

    private void endThoseBeyond(String owner) {
        database.sql("delete from web_session where owner = ? and id_hash not in (select id_hash from web_session"
                        + " where owner = ? order by last_used_at desc, id_hash fetch first " + settings.mostOfOwner()
                        + " rows only)")
                .params(owner, owner)
                .update();
        long beyond = database.sql("select count(*) from web_session")
                        .query(Long.class)
                        .single()
                - settings.most();
        if (beyond > 0) {
            database.sql("delete from web_session where id_hash in (select id_hash from web_session"
                            + " order by last_used_at, id_hash fetch first " + beyond + " rows only)")
                    .update();
        }
    }

    /** Whose session it is, if it is one that goes on. */
    Optional<String> ownerOf(String id) {
        if (!ID.matcher(id).matches()) {
            return Optional.empty();
        }
        Instant now = clock.instant();
        Optional<Known> known = database.sql("select id_hash, owner, token_hash, last_used_at from web_session"
                        + " where id_hash = ? and expires_at > ? and last_used_at > ?")
                .params(Tokens.hash(id), Timestamp.from(now), Timestamp.from(now.minus(settings.idle())))
                .query((row, number) -> new Known(
                        row.getString("id_hash"),
                        row.getString("owner"),
                        row.getString("token_hash"),
                        row.getTimestamp("last_used_at").toInstant()))
                .optional()
                .filter(this::isOfItsToken);
        known.ifPresent(session -> used(session, now));
        return known.map(Known::owner);
    }

    /** Those of the sessions, by the hashes of their ids, that go on. Asking is no use of them. */
    Set<String> goingOn(Collection<String> hashes) {
        Instant now = clock.instant();
        return database
                .sql("select id_hash, owner, token_hash from web_session where id_hash in (:hashes)"
                        + " and expires_at > :now and last_used_at > :idle")
                .param("hashes", hashes)
                .param("now", Timestamp.from(now))
                .param("idle", Timestamp.from(now.minus(settings.idle())))
                .query((row, number) ->
                        new Known(row.getString("id_hash"), row.getString("owner"), row.getString("token_hash"), now))
                .list()
                .stream()
                .filter(this::isOfItsToken)
                .map(Known::hash)
                .collect(Collectors.toSet());
    }

    private boolean isOfItsToken(Known session) {
        return tokens.fingerprint(session.owner())
                .filter(session.tokenHash()::equals)
                .isPresent();
    }

    private void used(Known session, Instant now) {
        Duration coarse = COARSE.compareTo(settings.idle().dividedBy(4)) < 0
                ? COARSE
                : settings.idle().dividedBy(4);
        if (session.lastUsed().plus(coarse).isBefore(now)) {
            database.sql("update web_session set last_used_at = ? where id_hash = ?")
                    .params(Timestamp.from(now), session.hash())
                    .update();
        }
    }

    void end(String id) {
        database.sql("delete from web_session where id_hash = ?")
                .param(Tokens.hash(id))
                .update();
    }

    /** Those that are over by themselves. */
    @Scheduled(fixedDelayString = "${slipway.security.sessions.sweep:10m}")
    void sweep() {
        Instant now = clock.instant();
        database.sql("delete from web_session where expires_at <= ? or last_used_at <= ?")
                .params(Timestamp.from(now), Timestamp.from(now.minus(settings.idle())))
                .update();
    }
}
