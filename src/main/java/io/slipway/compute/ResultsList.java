package io.slipway.compute;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** {@code results.json}, as what collects the files writes it: bounded, and read by what it should hold alone. */
public final class ResultsList {

    public static final String NAME = "results.json";

    /** Ten thousand files with names of 200 bytes; all readers that an owner may keep waiting hold such a list at once. */
    public static final int LARGEST = 2 << 20;

    private static final int MOST = 10_000;

    private static final JsonMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private ResultsList() {}

    private record Written(
            @Nullable List<@Nullable FileOf> files,
            @Nullable List<@Nullable LeftOutOf> leftOut,
            @Nullable String note) {}

    private record FileOf(@Nullable String path, long size) {}

    private record LeftOutOf(
            @Nullable String path, @Nullable String why) {}

    /** Empty for what is no such list. */
    public static Optional<RunResults> read(byte[] content) {
        try {
            return content.length > LARGEST
                    ? Optional.empty()
                    : Optional.ofNullable(JSON.readValue(content, Written.class))
                            .map(ResultsList::results);
        } catch (JacksonException unusable) {
            return Optional.empty();
        }
    }

    private static RunResults results(Written written) {
        return new RunResults(
                some(written.files())
                        .filter(file -> file.path() != null)
                        .map(file -> new RunResults.File(String.valueOf(file.path()), file.size()))
                        .toList(),
                some(written.leftOut())
                        .filter(one -> one.path() != null)
                        .map(one -> new RunResults.LeftOut(
                                String.valueOf(one.path()), one.why() == null ? "" : String.valueOf(one.why())))
                        .toList(),
                written.note());
    }

    private static <T> Stream<T> some(@Nullable List<@Nullable T> list) {
        return list == null
                ? Stream.of()
                : list.stream().filter(Objects::nonNull).map(one -> (T) one).limit(MOST);
    }
}
