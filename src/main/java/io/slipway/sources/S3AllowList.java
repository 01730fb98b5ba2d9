package io.slipway.sources;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What of S3 may be read for whom. The service itself may read more: who may submit must not reach that by naming it.
 *
 * @param allow one entry for each bucket or prefix; without entries nothing is read
 */
@ConfigurationProperties("slipway.sources.s3")
public record S3AllowList(@DefaultValue List<Entry> allow) {

    /** In {@link Entry#owners}: whoever may submit. */
    private static final String EVERYBODY = "*";

    /**
     * @param prefix {@code s3://bucket} or {@code s3://bucket/prefix}; it holds for whole segments
     * @param owners who may use it; {@code *} for everybody
     * @param credentialsFile with the credentials to read it with, as the AWS command line has them; absent: the service's own
     * @param profile of that file
     */
    public record Entry(
            String prefix,
            @DefaultValue List<String> owners,
            @Nullable Path credentialsFile,
            @DefaultValue("default") String profile) {

        public Entry {
            owners = List.copyOf(owners);
            try {
                S3Location.of(prefix);
            } catch (SourceFailure wrong) {
                throw new IllegalArgumentException(
                        "slipway.sources.s3.allow: '" + prefix + "' cannot be a prefix. " + wrong.getMessage(), wrong);
            }
            if (owners.isEmpty()) {
                throw new IllegalArgumentException("slipway.sources.s3.allow: " + prefix
                        + " names no owners. Name those who may use it, or '*' for everybody.");
            }
        }

        S3Location location() {
            return S3Location.of(prefix);
        }

        private boolean isFor(String owner) {
            return owners.contains(EVERYBODY) || owners.contains(owner);
        }
    }

    public S3AllowList {
        allow = List.copyOf(allow);
    }

    /** The prefixes that are there for an owner. */
    public List<String> prefixes(String owner) {
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
    public Entry require(String owner, S3Location wanted) {
        return allow.stream()
                .filter(entry -> entry.isFor(owner) && entry.location().covers(wanted))
                .max(Comparator.comparingInt(entry -> entry.location().key().length()))
                .orElseThrow(() -> new SourceFailure(
                        SourceFailure.Kind.NOT_ALLOWED,
                        "You may not have " + wanted
                                + " read. slipway.sources.s3.allow lists which buckets and prefixes"
                                + " may be read, and for whom; an operator can add an entry."));
    }
}
