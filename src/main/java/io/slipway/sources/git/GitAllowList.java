package io.slipway.sources.git;

import io.slipway.sources.SourceFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Which repositories may be read for whom.
 *
 * @param allow one entry for each host, or path of a host; without entries nothing is read
 */
@ConfigurationProperties("slipway.sources.git")
record GitAllowList(@DefaultValue List<Entry> allow) {

    /** In {@link Entry#owners}: whoever may submit. */
    private static final String EVERYBODY = "*";

    /**
     * @param prefix {@code https://host} or {@code https://host/path}; it holds for whole segments
     * @param owners who may use it; {@code *} for everybody
     * @param user sent with the token; hosts that know a token by itself take any
     * @param token to read with; absent: nothing is sent
     * @param tokenFile a file with the token in it, read at each fetch
     * @param certificateFile PEM of the authorities that may have signed the host's certificate; absent: those of Java
     * @param addresses networks such as {@code 10.20.0.0/16} that the host may be in; without them it must have a public address
     */
    record Entry(
            String prefix,
            @DefaultValue List<String> owners,
            @DefaultValue("git") String user,
            @Nullable String token,
            @Nullable Path tokenFile,
            @Nullable Path certificateFile,
            @DefaultValue List<String> addresses) {

        Entry {
            owners = List.copyOf(owners);
            addresses = List.copyOf(addresses);
            try {
                GitRepository.of(prefix);
            } catch (SourceFailure wrong) {
                throw new IllegalArgumentException(
                        "slipway.sources.git.allow: an entry's prefix cannot be used. " + wrong.getMessage(), wrong);
            }
            if (owners.isEmpty()) {
                throw new IllegalArgumentException("slipway.sources.git.allow: " + prefix
                        + " names no owners. Name those who may use it, or '*' for everybody.");
            }
            if (token != null && tokenFile != null) {
                throw new IllegalArgumentException(
                        "slipway.sources.git.allow: " + prefix + " has both a token and a token-file. Name one.");
            }
            Addresses.of(addresses);
        }

        GitRepository repository() {
            return GitRepository.of(prefix);
        }

        private boolean isFor(String owner) {
            return owners.contains(EVERYBODY) || owners.contains(owner);
        }

        /** {@code null} where nothing is to be sent. */
        @Nullable
        String secret() throws IOException {
            return tokenFile == null ? token : Files.readString(tokenFile).strip();
        }

        /** Without the token. */
        @Override
        public String toString() {
            return prefix + " for " + owners;
        }
    }

    GitAllowList {
        allow = List.copyOf(allow);
    }

    /** The prefixes that are there for an owner. */
    List<String> prefixes(String owner) {
        return allow.stream()
                .filter(entry -> entry.isFor(owner))
                .map(Entry::prefix)
                .toList();
    }

    /**
     * The entry of the longest prefix that allows it.
     *
     * @throws SourceFailure {@link SourceFailure.Kind#NOT_ALLOWED}
     */
    Entry require(String owner, GitRepository wanted) {
        return allow.stream()
                .filter(entry -> entry.isFor(owner) && entry.repository().covers(wanted))
                .max(Comparator.comparingInt(entry -> entry.repository().path().length()))
                .orElseThrow(() -> new SourceFailure(
                        SourceFailure.Kind.NOT_ALLOWED,
                        "You may not have " + wanted
                                + " read. slipway.sources.git.allow lists which hosts and paths may be read, and for"
                                + " whom; an operator can add an entry."));
    }
}
