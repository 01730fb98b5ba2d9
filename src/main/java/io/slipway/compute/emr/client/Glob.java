package io.slipway.compute.emr.client;

import java.util.Arrays;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Patterns in which {@code *} stands for any characters, dots and slashes included. */
public final class Glob {

    private Glob() {}

    public static boolean matches(String pattern, String text) {
        String regex =
                Arrays.stream(pattern.split("\\*", -1)).map(Pattern::quote).collect(Collectors.joining(".*"));
        return Pattern.compile(regex, Pattern.CASE_INSENSITIVE | Pattern.DOTALL)
                .matcher(text)
                .matches();
    }
}
